"""Which letters a search and a screen reader find behind the glyphs of a paper."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont

# A line of a font's table: the number of a glyph, and the characters behind it in UTF-16, both hexadecimal.
LINE = re.compile(rb"<([0-9a-f]{4})> <([0-9a-f]*)>")


def name_glyphs(document: Any, pdf: Any, file_of: Callable[[Any], bytes]) -> None:
    """Give each glyph its own letter or accent: WeasyPrint puts both behind one, and nothing behind the other.

    `file_of` takes a font of `document`, gives its whole file. `pdf`: as a finisher of `write_pdf` gets it.
    """
    fonts = {font.name: font for font in document.fonts.values()}
    for one in pdf.objects:
        if isinstance(one, dict) and "ToUnicode" in one:
            lines = pdf.objects[int(one["ToUnicode"].split()[0])].stream
            if any(map(_is_shared, lines)):
                named = partial(_named, _own_letters(file_of(fonts[one["BaseFont"]])))
                lines[:] = [LINE.sub(named, line) for line in lines]


def _is_shared(line: bytes) -> bool:
    found = LINE.fullmatch(line)
    return found is not None and (not found[2] or any(map(unicodedata.combining, _letters(found))))


def _letters(found: re.Match[bytes]) -> str:
    return bytes.fromhex(found[2].decode()).decode("utf-16-be")


def _own_letters(file: bytes) -> Mapping[int, str]:
    """Return the letter of each glyph; another shape of it, such as an accent for a capital, is the same letter."""
    with TTFont(BytesIO(file), lazy=True) as font:
        letters = {name: chr(code) for code, name in font.getBestCmap().items()}
        names = enumerate(font.getGlyphOrder())
        return {at: letters[plain] for at, name in names if (plain := name.partition(".")[0]) in letters}


def _named(own: Mapping[int, str], found: re.Match[bytes]) -> bytes:
    letters, letter = _letters(found), own.get(int(found[1], 16), "")
    if letter == "" or (letters and letter not in unicodedata.normalize("NFD", letters)):
        return found[0]
    return b"<%s> <%s>" % (found[1], letter.encode("utf-16-be").hex().encode())
