"""What people type into a name or a note is printed as text: it is no markup, leads nowhere and breaks no page."""

import re
import subprocess
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from clinic.documents.maps import BodyMap
from clinic.documents.signature_lines import SignatureLine
from tests.clinic.documents.everything import MARK, PLACES, Everything, Verdict, drawn, everything, finding

pytestmark = pytest.mark.one_database
LONG = "x" * 10_000
A4_WIDTH = 595.28


@pytest.fixture(scope="module")
def asked_for():
    """A web server: what is fetched from it. `address` is where it listens."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def typed(asked_for, tmp_path_factory):
    secret = tmp_path_factory.mktemp("machine") / "secret.txt"
    secret.write_text("machine-secret", encoding="utf-8")
    address = asked_for[0]
    return (
        f"<script>alert(1)</script><img src='{secret.as_uri()}'><img src={address}/picture.png>"
        f"<style>@import url({address}/style.css)</style><a href='{address}/link'>{address}/plain</a> "
        "</p></main><!-- &lt;b&gt; {{ page }} {% now 'Y' %} \" ' ]]> url(data:x) \\201c 100 %"
    )


@pytest.fixture(scope="module")
def hostile(typed):
    """Every text that people type, in every field."""
    page = Everything(
        words=f"{typed} {LONG}",
        told=Verdict(treatment="W" * 60, label="W" * 60, headline=typed, lead=LONG[:300]),
        findings=(finding(typed, LONG[:1500]), finding("W" * 300, typed), *(finding(f"F{n}") for n in range(8))),
        answers=((typed, "W" * 400), ("שלום", "\u202eevil 😀")),
        map=BodyMap(tuple(replace(place, name="N" * 20) for place in PLACES)),
        rows=((typed, "v" * 300), ("W" * 300, typed)),
        signatures=(SignatureLine("P" * 60, "W" * 60, "Typed", typed), SignatureLine("Q" * 200, typed)),
    )
    return drawn(
        everything(page, title=f"T {typed}", name="C" * 60 + typed, street=typed, phone="1" * 200, email=typed)
    )


def squeezed(text):
    return re.sub(r"\s", "", text)


def test_everything_typed_is_printed_as_text(hostile, typed):
    read = squeezed(hostile.reading)
    # Once in each field that has it, twice in the letterhead's and the signature's names, and in all ten findings.
    assert read.count(squeezed(typed)) == 14 + 10
    assert LONG in read
    assert hostile.title == f"T {typed}"
    assert "\u202e" not in hostile.reading
    assert "[U+202E]evil[U+1F600]" in read


def test_nothing_is_fetched_and_nothing_leads_away(hostile, asked_for):
    assert asked_for[1] == []
    assert hostile.links == []
    assert "machine-secret" not in hostile.text


def test_it_is_still_a_faultless_pdf(hostile):
    assert hostile.faults == []


@pytest.mark.hazard("H-18")
def test_no_word_leaves_the_sheet(hostile):
    found = re.findall(r'xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax', bbox(hostile))
    assert len(found) > 200
    left, top, right = zip(*(map(float, box) for box in found), strict=True)
    assert (min(left) > 50, min(top) > 40, max(right) < A4_WIDTH - 50) == (True, True, True)


def test_a_printer_reaches_all_of_the_foot(hostile):
    """The last five millimetres of a sheet are out of a printer's reach: 50 dots at 254 an inch."""
    sheet = hostile.picture(1, 254).convert("L")
    width, height = sheet.size
    assert sheet.crop((0, height - 50, width, height)).getextrema() == (255, 255)


def test_the_foot_stays_whole_and_in_its_place(hostile):
    for number, text in enumerate(hostile.pages, 1):
        assert f"No. {MARK.number} · Check code {MARK.check_code}" in text
        assert f"Page {number} of {len(hostile.pages)}" in text


def bbox(pdf):
    return subprocess.run(
        ["pdftotext", "-bbox", "-", "-"], input=pdf.data, capture_output=True, check=True
    ).stdout.decode()
