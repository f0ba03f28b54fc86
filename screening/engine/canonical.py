"""Canonical JSON: one text for one content, so that its digest says whether anything changed."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from typing import Any


def canonical(content: Any) -> str:
    """Return `content` as JSON with sorted keys, no spaces and text in Unicode NFC. Raises TypeError for a float."""
    return json.dumps(_normal(content), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """Return the SHA-256 of `text` in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: Any, after: Any, place: str = "") -> Iterator[str]:
    """Yield where two contents differ, one line for each place. Rows with a code are matched by it."""
    if _is_coded(before) and _is_coded(after):
        if [row["code"] for row in before] != [row["code"] for row in after] and _by_code(before).keys() == _by_code(
            after
        ).keys():
            yield f"{place}: the order is another"
        before, after = _by_code(before), _by_code(after)
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted({*before, *after}):
            yield from differences(before.get(key), after.get(key), f"{place}.{key}" if place else key)
    elif _is_rows(before) and _is_rows(after) and len(before) == len(after):
        for position, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from differences(one, other, f"{place}[{position}]")
    elif before != after:
        yield f"{place}: published as {_short(before)}, now {_short(after)}"


def _normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {_normal(key): _normal(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple):
        return [_normal(entry) for entry in value]
    if isinstance(value, float):
        raise TypeError(f"{value!r} is a float; write it as text to keep its decimals exact")
    return value


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, dict) for row in value)


def _is_coded(value: Any) -> bool:
    return _is_rows(value) and all("code" in row for row in value)


def _by_code(rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {row["code"]: row for row in rows}


def _short(value: Any) -> str:
    if value is None:
        return "nothing"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else f"{text[:77]}..."
