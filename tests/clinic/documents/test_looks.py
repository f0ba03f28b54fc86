"""How a paper is built: tags, headings, tables, foot and breaks."""

import subprocess
from dataclasses import replace
from io import BytesIO

import pikepdf
import pytest
import segno

from clinic.documents.decoration import CODE_SIDES
from clinic.documents.maps import BodyMap, MappedPlace, body_map_of
from clinic.documents.paper import SQUARE_MM, Letterhead, PrintedCode
from clinic.documents.rendering import pdf_of
from clinic.people.qr import BORDER
from screening.rulesets import published
from tests.clinic.documents.everything import MARK, PLACES, Everything, drawn, everything, finding, logo, paper
from tests.clinic.screenings.invented import a_clinic
from tests.support.pdf import Pdf

__all__ = ["paper"]
pytestmark = pytest.mark.one_database
WORDS = "Leave the place out. "
RESOLUTION = 300
NOT_STORED = "This paper is not stored, so it cannot be checked."


@pytest.fixture(scope="module")
def heavy():
    """Thirty findings, a table of sixty rows and three signatures."""
    findings = tuple(finding(f"Finding number {number}", WORDS * (1 + number % 9)) for number in range(1, 31))
    rows = tuple((f"Setting {number}", "80 Hz") for number in range(1, 61))
    return drawn(everything(Everything(findings=findings, rows=rows)))


@pytest.fixture(scope="module")
def unstored():
    return drawn(mark=None)


def test_a_paper_is_faultless_pdf_ua(paper, heavy, unstored):
    assert [each.faults for each in (paper, heavy, unstored)] == [[], [], []]


def test_a_fault_would_be_found():
    """Guards the test above: a checker that finds nothing anywhere would prove nothing."""
    opened = pikepdf.open(BytesIO(drawn().data))
    del opened.Root.Lang
    spoilt = BytesIO()
    opened.save(spoilt)
    assert Pdf(spoilt.getvalue()).faults


def test_title_and_language_are_told_to_the_reader(paper):
    assert (paper.title, paper.language, paper.shows_title) == ("Consultation summary", "en-GB", True)


def test_what_is_read_out_comes_in_the_order_of_the_page(paper):
    order = [
        "Invented Clinic",
        "Consultation summary",
        "Sofía Ångström, born 3 May 1980.",
        "Only at the places that are not barred",
        "Metal near the place",
        "Do you have a pacemaker? Yes",
        "From 20 December 2026, this no longer counts.",
        "M b7. Read as barring the place.",
        "Agreed in writing.",
        "Pacemaker",
        "Planned: Abdomen, Left cheek",
        "Settings of the session",
        "Pulse width 350 µs",
        "Can be treated",
        "Drawn, 21 November 2026, 10:05 GMT",
        "How to check this paper",
        "0123-4567-89AB-CDEF",
    ]
    found = []
    for words in order:
        found.append(paper.reading.index(words, found[-1] if found else 0))
    assert found == sorted(found)


def test_headings_go_down_one_level_at_a_time(paper):
    assert paper.headings == [
        (1, "Consultation summary"),
        (2, "Findings"),
        (3, "Metal near the place"),
        (3, "Pacemaker"),
        (2, "Places"),
        (2, "Settings"),
        (2, "Reply"),
        (2, "Signatures"),
        (2, "How to check this paper"),
    ]


def test_pictures_have_words_and_icons_are_decoration(paper):
    assert paper.alts == [
        "Logo of Invented Clinic",
        "Body map, Face and neck. Planned: Left cheek.",
        "Body map, Front. Planned: Abdomen. Possible: Right forearm. Not known yet: Left lower leg. "
        "Left out: Left forearm.",
        "Drawn signature: Perry",
    ]


def test_each_cell_of_a_table_names_its_headers(paper, heavy):
    assert paper.tables == [
        [
            [("TH", "Setting"), ("TH", "Value")],
            [("TH", "Frequency"), ("TD", "80 Hz")],
            [("TH", "Pulse width"), ("TD", "350 µs")],
        ]
    ]
    assert (paper.cells_without_header, heavy.cells_without_header) == ([], [])


def test_a_table_over_two_pages_repeats_its_head_and_loses_no_row(heavy):
    assert len(heavy.tables) > 1
    assert [table[0] for table in heavy.tables] == [[("TH", "Setting"), ("TH", "Value")]] * len(heavy.tables)
    assert [row[0][1] for table in heavy.tables for row in table[1:]] == [f"Setting {n}" for n in range(1, 61)]


def test_no_finding_is_split(heavy):
    for finding_tag in heavy.tags.all("Art"):
        assert {tag.page for tag in finding_tag.walk()} == {finding_tag.page}
    assert len(heavy.tags.all("Art")) == 30


def test_no_heading_stands_alone_at_the_foot_of_a_page(heavy):
    """What follows a heading in reading order begins on the heading's page."""
    tags = [tag for tag in heavy.tags.walk() if tag.words]
    read = list(heavy.tags.walk())
    for heading in heavy.tags.all("H2", "H3"):
        own = {id(tag) for tag in heading.walk()}
        after = read[read.index(heading) + len(own) :]
        following = next(tag for tag in after if tag in tags)
        assert following.page == heading.page, heading.text


@pytest.mark.parametrize("size", [9.49, 9.5, 9.51])
def test_a_line_that_is_just_full_is_not_broken_after_its_first_word(size):
    words = (
        "Every question needs an answer, unless it says that you may leave it empty. "
        "A question left empty is never read as “No”."
    )
    page = (
        f'<html lang="en"><head><title>T</title></head><body><ul><li style="font-size: {size}pt">\n {words}\n</li></ul>'
    )
    drawn_lines = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf_of(page), capture_output=True, check=True
    ).stdout.decode()
    assert drawn_lines.split("\n")[0] == f"• {words}"


@pytest.mark.hazard("H-19")
def test_every_page_carries_number_code_and_how_to_check(heavy):
    total = len(heavy.pages)
    assert total > 3
    for number, text in enumerate(heavy.pages, 1):
        assert "No. 000123 · Check code 0123-4567-89AB-CDEF" in text
        assert "To check this paper: scan the code, or go to clinic.example/verify/" in text
        assert f"Page {number} of {total}" in text


def test_what_is_not_stored_says_so_on_every_page_and_carries_nothing_to_check(unstored):
    assert len(unstored.pages) > 1
    assert [text.count(NOT_STORED) for text in unstored.pages] == [1] * len(unstored.pages)
    assert "No. " not in unstored.text
    assert "Check code" not in unstored.text
    assert unstored.headings[-1] == (2, "This paper cannot be checked")
    assert len(pictures(unstored)) == 1  # the logo; no code


def test_the_foot_is_not_read_out_on_every_page(heavy):
    assert heavy.reading.count("0123-4567-89AB-CDEF") == 1
    assert "Page 1 of" not in heavy.reading
    assert heavy.opened.pages[0].Contents.read_bytes().count(b"/Pagination") > 3


def test_every_page_draws_the_code_of_the_link_in_squares_that_a_telephone_reads(paper):
    dots = RESOLUTION / 25.4 * SQUARE_MM
    expected = [bool(dark) for row in segno.make(MARK.link, error="m", micro=False).matrix for dark in row]
    side = round(len(expected) ** 0.5)
    for number in (1, len(paper.pages)):
        sheet = paper.picture(number, RESOLUTION).convert("L")
        left, top = corner_of_code(sheet, side * dots)
        middles = [(left + (x + 0.5) * dots, top + (y + 0.5) * dots) for y in range(side) for x in range(side)]
        shades = [sheet.getpixel((round(x), round(y))) for x, y in middles]
        assert [shade < 128 for shade in shades] == expected
        assert set(shades) == {0, 255}
    assert SQUARE_MM >= 0.33


def code_on(sheet):
    """Return the foot's left end, with only what is dark in it."""
    width, height = sheet.size
    foot = sheet.crop((0, round(height - 26 / 25.4 * RESOLUTION), round(width * 0.18), height))
    return foot.point(lambda shade: 255 * (shade < 128))


def corner_of_code(sheet, side):
    """Return the upper left corner of the code: of the dark dots at the left end of the foot."""
    foot = code_on(sheet)
    left, top, right, bottom = foot.getbbox()
    assert (abs(right - left - side) < 3, abs(bottom - top - side) < 3) == (True, True)
    return left, sheet.size[1] - foot.size[1] + top


def test_a_longer_address_makes_a_larger_code_and_no_smaller_squares():
    longer = replace(MARK, link=f"https://{'a' * 80}.example/verify/#000123.0123456789ABCDEF")
    assert longer.code.squares > MARK.code.squares
    wide = drawn(everything(Everything(map=None)), longer)
    widths = []
    for pdf in (wide, drawn(everything(Everything(map=None)))):
        left, _, right, _ = code_on(pdf.picture(1, RESOLUTION).convert("L")).getbbox()
        widths.append((right - left) / RESOLUTION * 25.4 / SQUARE_MM)
    assert [round(width) for width in widths] == [each.code.squares - 2 * BORDER for each in (longer, MARK)]


def test_every_size_of_code_has_its_width():
    """Past these an address has more than two hundred letters; then a code without a rule would be a wrong size."""
    assert {PrintedCode.of("x" * letters).squares for letters in range(1, 206, 3)} <= set(CODE_SIDES)


def test_the_code_is_one_picture_for_all_pages(heavy):
    assert len({picture.objgen for picture in pictures(heavy)}) == 2  # with the logo


def pictures(pdf):
    found = {}
    for page in pdf.opened.pages:
        for picture in page.resources.get("/XObject", {}).values():
            if picture.Subtype == "/Image":
                found[picture.objgen] = picture
    return list(found.values())


@pytest.mark.parametrize("kind", ["WEBP", "PNG"])
def test_a_logo_is_printed_from_what_the_clinic_keeps(kind):
    kept = drawn(everything(Everything(map=None), logo=logo(kind)))
    assert kept.alts[0] == "Logo of Invented Clinic"
    assert len(pictures(kept)) == 2


def test_a_clinic_without_logo_and_address_has_a_letterhead():
    plain = drawn(everything(Everything(map=None), logo="", street="", phone="", email=""))
    assert plain.reading.startswith("Invented Clinic Consultation summary")
    assert plain.faults == []


@pytest.mark.django_db
def test_the_letterhead_is_the_clinics():
    clinic = a_clinic()
    clinic.street, clinic.phone, clinic.email = "1 High Street", "020 7946 0000", "a@b.example"
    assert Letterhead.of(clinic) == Letterhead(clinic.name, "1 High Street", "020 7946 0000", "a@b.example", "")
    clinic.logo, clinic.logo_type = b"RIFF", "image/webp"
    assert Letterhead.of(clinic).logo == "data:image/webp;base64,UklGRg=="


@pytest.mark.django_db
def test_the_map_takes_its_places_in_the_order_and_words_of_the_rule_set():
    rule_set = published()
    states = {"thigh-front-left": "barred", "abdomen": "planned"}
    found = body_map_of(rule_set, states, whose="Your")
    assert [(place.code, place.state) for place in found.places] == [
        (code, states[code]) for code in rule_set.sites if code in states
    ]
    assert [place.name for place in found.places] == [rule_set.sites[place.code].name for place in found.places]
    assert [(view.title, view.left_edge, view.right_edge) for view in found.views] == [
        ("Front", "Your right", "Your left")
    ]


def test_a_place_that_the_drawing_lacks_is_named_beside_the_map():
    found = BodyMap((*PLACES, MappedPlace("new-place", "New place", "barred")))
    assert found.key[-1] == ("barred", "Left out", ("Left forearm", "New place"))
