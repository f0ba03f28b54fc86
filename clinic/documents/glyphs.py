"""What the fonts of the papers cannot draw is printed as its code: nothing vanishes, nothing turns the text around."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from django.conf import settings
from fontTools.ttLib import TTFont

FONTS = settings.BASE_DIR / "static" / "fonts" / "print"
FACES = ("SourceSans3-Regular.ttf", "SourceSans3-Semibold.ttf", "SourceSans3-It.ttf")
FALLBACK = "DejaVuSans-Fallback.ttf"
_SPACES = frozenset("\n\t")
# Letters of the Arabic script may be joined or kept apart by these two; anywhere else nobody would see them.
_JOINERS = "\u200c\u200d"


def printable(text: str) -> str:
    """Return `text` with each character that cannot be seen on paper as its code in brackets, such as [U+1F600]."""
    return _not_drawn().sub(lambda found: f"[U+{ord(found[0]):04X}]", text)


@lru_cache(maxsize=1)
def drawn() -> frozenset[str]:
    """Return all characters that are printed as they are."""
    in_each_face = frozenset.intersection(*map(_characters, FACES))
    both = in_each_face | _characters(FALLBACK)
    return frozenset(character for character in both if _is_seen(character)) | _SPACES


def have_all_faces() -> None:
    """Raise FileNotFoundError where a font is gone: another would be drawn in its place, and nobody told."""
    for name in (*FACES, FALLBACK, "fonts.conf"):
        (FONTS / name).stat()


def _characters(name: str) -> frozenset[str]:
    with TTFont(FONTS / name, lazy=True) as font:
        return frozenset(map(chr, font.getBestCmap()))


def _is_seen(character: str) -> bool:
    """Whether a character is more than an instruction: no control, no override of direction, none of private use."""
    return unicodedata.category(character)[0] != "C" and unicodedata.category(character) not in {"Zl", "Zp"}


@lru_cache(maxsize=1)
def _not_drawn() -> re.Pattern[str]:
    arabic = "[\u0620-\u06ff]"
    drawn_class = "".join(f"{re.escape(first)}-{re.escape(last)}" for first, last in _runs(sorted(map(ord, drawn()))))
    joined = f"(?<={arabic})[{_JOINERS}](?={arabic})"
    return re.compile(f"(?!{joined})[^{drawn_class}]")


def _runs(codes: list[int]) -> Iterable[tuple[str, str]]:
    """Yield the first and the last character of each unbroken stretch."""
    breaks = [0, *(at for at, (one, next_one) in enumerate(pairwise(codes), 1) if next_one != one + 1), len(codes)]
    for start, end in pairwise(breaks):
        yield chr(codes[start]), chr(codes[end - 1])
