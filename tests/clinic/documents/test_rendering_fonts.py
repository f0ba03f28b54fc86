"""The letters on paper: the project's own fonts, every name they can draw, and a code for what they cannot."""

import os
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clinic.documents import glyphs
from clinic.documents.glyphs import printable
from clinic.documents.rendering import _tools, own_fonts
from tests.clinic.documents.everything import Everything, drawn, everything
from tests.support.pdf import Pdf

pytestmark = pytest.mark.one_database
OURS = {"Source-Sans-3", "Source-Sans-3-Semi-Bold", "Source-Sans-3-Italic", "DejaVu-Sans"}
NAMES = (
    "Sofía Ångström, Łukasz Żółć, Dvořák, Győző Őszi, Māris Bērziņš, Ștefan Țăran, Þórður, Œuvre, Straße STRAẞE",
    "Çağrı İpek Şükrü Öğünç",
    "Ελένη Παπαδοπούλου, Ὀδυσσεύς",
    "Жанна Щукина, Їжак Ґалаґан, Љубица Ђоковић, Ў",
    "Nguyễn Thị Phượng, Đặng Hữu Ước",
)
HEBREW, ARABIC, PERSIAN = "שלום", "العربية", "می\u200cخواهم"
UNDRAWN = "😀漢한ไ\u202e\u0007\ufffe"


@pytest.fixture(scope="module")
def named():
    rows = tuple((f"Name {number}", name) for number, name in enumerate((*NAMES, HEBREW, ARABIC, PERSIAN)))
    return drawn(everything(Everything(words=f"{NAMES[0]} {HEBREW} {UNDRAWN}", rows=rows)))


def test_every_font_is_embedded_and_the_projects_own(named):
    assert named.fonts == dict.fromkeys(OURS, True)


def test_names_come_out_of_the_file_as_they_were_put_in(named):
    assert [name for name in NAMES if name not in named.reading] == []
    # pypdf reads what a person would copy from the page.
    assert [name for name in NAMES if name not in named.text] == []


def test_hebrew_and_arabic_are_drawn_from_right_to_left(named):
    """The file holds the letters as they stand on the page, from left to right."""
    assert f"Name 5 {HEBREW[::-1]}" in named.reading
    assert f"Name 6 {ARABIC[::-1]}" in named.reading


def test_letter_under_accents_is_read_and_so_is_the_same_letter_alone():
    """No one character stands for these: letter and accents are glyphs of their own."""
    said = "Adéọlá Ọ̀ṣọ́ẹ́, then O, Ọ, e and ẹ; שָׁלוֹם, then שלום; x̧́"
    pdf = drawn(everything(Everything(words=said)))
    read, words = letters_of(pdf.text), letters_of(said).split(";")
    assert pdf.faults == []
    assert [word for word in words if word not in read] == []


def letters_of(text):
    """A text without its spaces, each accent a character of its own, in one order."""
    return unicodedata.normalize("NFD", "".join(text.split()))


def test_what_no_font_has_is_printed_as_its_code(named):
    assert "[U+1F600][U+6F22][U+D55C][U+0E44][U+202E][U+0007][U+FFFE]" in named.reading


def test_no_box_is_drawn_in_place_of_a_letter(named):
    """Glyph 0 is the box of a missing letter."""
    import pikepdf

    shown = {
        bytes(piece)[at : at + 2]
        for page in named.opened.pages
        for operands, operator in pikepdf.parse_content_stream(page)
        if str(operator) in {"Tj", "TJ"}
        for piece in (operands[0] if isinstance(operands[0], pikepdf.Array) else operands)
        if isinstance(piece, pikepdf.String)
        for at in range(0, len(bytes(piece)), 2)
    }
    assert len(shown) > 50
    assert b"\0\0" not in shown


def test_the_machines_fonts_are_out_of_reach():
    """Even a letter that reaches the drawing past us is drawn with our fonts; without them, another font has it."""
    page = (
        '<html lang="en"><head><title>T</title></head><body><p style="font-family: {}">∰ ༀ 漢 ⅋ Words</p></body></html>'
    )
    families = ("serif", "monospace", "Helvetica", "DejaVu Serif", "Liberation Sans")
    used = [set(Pdf(_tools().draw(page.format(family))).fonts) for family in families]
    assert [fonts - OURS for fonts in used] == [set()] * len(families)


def test_the_environment_is_as_it_was_before_our_fonts_were_asked_for(monkeypatch):
    monkeypatch.setenv("FONTCONFIG_FILE", "another")
    with own_fonts():
        assert os.environ["FONTCONFIG_FILE"] == str(glyphs.FONTS / "fonts.conf")
    assert os.environ["FONTCONFIG_FILE"] == "another"
    monkeypatch.delenv("FONTCONFIG_FILE")
    with own_fonts():
        pass
    assert "FONTCONFIG_FILE" not in os.environ


@pytest.mark.parametrize(
    ("script", "letters"),
    [
        ("Latin", range(0x00C0, 0x0180)),
        ("Romanian and Pinyin", [*range(0x0218, 0x021C), *range(0x01CD, 0x01DD)]),
        ("Vietnamese", [0x01A0, 0x01A1, 0x01AF, 0x01B0, *range(0x1EA0, 0x1EFA)]),
        ("Turkish", map(ord, "ÇçĞğİıÖöŞşÜü₺")),
        ("Greek", [*range(0x0386, 0x038B), *range(0x038E, 0x03A2), *range(0x03A3, 0x03CF)]),
        ("Greek with all accents", [code for code in range(0x1F00, 0x2000) if unicodedata.category(chr(code)) != "Cn"]),
        ("Cyrillic", range(0x0400, 0x0482)),
        ("Hebrew", [*range(0x05D0, 0x05EB), *range(0x05B0, 0x05BD)]),
        ("Arabic", [*range(0x0621, 0x063B), *range(0x0641, 0x0653), *map(ord, "پچژگکی")]),
        ("signs", map(ord, "€£§°µ±×÷½²³≤≥≠–—…“”‘’«»•→☐✓")),
    ],
)
def test_these_scripts_are_printed_as_they_are(script, letters):
    assert [f"{code:04X} of {script}" for code in letters if printable(chr(code)) != chr(code)] == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("two\nlines\tand a tab", "two\nlines\tand a tab"),
        ("\u202eevil\u202c", "[U+202E]evil[U+202C]"),
        ("\u2066a\u2069\u200e\u200f", "[U+2066]a[U+2069][U+200E][U+200F]"),
        ("a\u200bb\u00adc\ufeff", "a[U+200B]b[U+00AD]c[U+FEFF]"),
        (PERSIAN, PERSIAN),
        ("a\u200cb\u200dc", "a[U+200C]b[U+200D]c"),
        ("\x00\x0b\x0c\r\x7f\x85", "[U+0000][U+000B][U+000C][U+000D][U+007F][U+0085]"),
        ("\u2028\ue000\ud800", "[U+2028][U+E000][U+D800]"),
        ("[U+0041]", "[U+0041]"),
        ("-]^\\a-z[", "-]^\\a-z["),
    ],
)
def test_nothing_unseen_stays_in_a_text(text, printed):
    assert printable(text) == printed


@pytest.mark.hazard("H-18")
@given(st.text(max_size=40))
def test_everything_typed_is_either_drawn_or_named(text):
    printed = printable(text)
    assert set(printed) <= glyphs.drawn() | {"\u200c", "\u200d"}
    assert re.sub(r"\[U\+([0-9A-F]{4,6})\]", lambda code: chr(int(code[1], 16)), printed) == re.sub(
        r"\[U\+([0-9A-F]{4,6})\]", lambda code: chr(int(code[1], 16)), text
    )


def test_fonts_are_small_and_stand_beside_their_licences():
    files = list(Path(glyphs.FONTS).iterdir())
    assert sum(file.stat().st_size for file in files) < 2_500_000
    assert {file.name for file in files} == {
        *glyphs.FACES,
        glyphs.FALLBACK,
        "fonts.conf",
        "SourceSans3.LICENSE",
        "DejaVuSans.LICENSE",
    }
