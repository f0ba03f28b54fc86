"""What a hunt through hand-made requests and confused people found; each test is named after what must not happen."""

import pytest

from tests.support.posting import Posting, asked

pytestmark = pytest.mark.django_db
# Python refuses to read a number of so many digits.
ENDLESS = "9" * 5000


@pytest.fixture
def somebody(client, clinic):
    return Posting(client, f"/c/{clinic.slug}/check/")


def a_date(code, **parts):
    return {f"{code}-{part}": text for part, text in ({"day": "2", "month": "2", "year": "2024"} | parts).items()}


@pytest.mark.parametrize("part", ["day", "month", "year"])
def test_a_date_of_thousands_of_digits_is_told_apart_and_breaks_nothing(somebody, part):
    somebody.start()
    given = {"questions": "recent-procedure-date"} | a_date("recent-procedure-date", **{part: ENDLESS})
    page = somebody.post("step/1/", **given)
    assert page.status_code == 200
    assert "Write the" in page.content.decode()


@pytest.mark.parametrize("field", ["entry", "do"])
def test_an_operation_of_thousands_of_digits_is_none_of_those_kept(somebody, field):
    page = somebody.start()
    told = {"surgeries-entry": "new", "surgeries-sites": "abdomen"} | a_date("surgeries")
    told |= {"entry": {"surgeries-entry": ENDLESS}, "do": {"surgeries-do": f"edit-{ENDLESS}"}}[field]
    assert somebody.post("step/1/", questions="surgeries", **told).status_code == 302
    assert asked(somebody.get(f"step/1/?entry={ENDLESS}")) == asked(page)


def in_parts(charset, **fields):
    """A body of parts, each text as it stands here, sent as if it were written in `charset`."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    return {
        "data": "".join([*parts, "--x--\r\n"]).encode(),
        "content_type": f"multipart/form-data; boundary=x; charset={charset}",
    }


@pytest.mark.parametrize("charset", ["unicode_escape", "utf-7", "utf-16", "base64", "idna", "undefined"])
def test_a_body_in_a_writing_of_no_page_of_ours_is_refused_and_changes_nothing(client, somebody, charset):
    page = somebody.start()
    # A half of a pair: no text that any cookie, draft or database could keep.
    body = in_parts(charset, questions="anything-else anything-else-details", **{"anything-else-details": r"a\ud800b"})
    assert client.generic("POST", page.request["PATH_INFO"], **body).status_code == 400
    assert asked(somebody.get("goals/")) == asked(page)


@pytest.mark.parametrize("charset", ["utf-8", "UTF-8"])
def test_a_body_of_parts_in_utf_8_is_read(client, somebody, charset):
    page = somebody.start()
    body = in_parts(charset, questions="heart-device", **{"heart-device": "no"})
    assert client.generic("POST", page.request["PATH_INFO"], **body).status_code == 302
    assert asked(somebody.get("goals/")) != asked(page)


def test_hopes_for_the_face_are_not_told_as_hopes_of_a_treatment_of_the_body(somebody):
    somebody.through(somebody.start())
    somebody.post("goals/", goals=["face-sagging", "scars"])
    somebody.start("body-myostimulation", ["abdomen"])
    page = somebody.get("answers/")
    assert page.request["PATH_INFO"].endswith("/goals/")
    assert 'value="scars"' in page.content.decode()
    somebody.post("goals/", goals=["scars"])
    assert "sagging" not in somebody.get("answers/").content.decode()
