"""A doctor's letter: a PDF as it came, a picture drawn again, and nothing else."""

from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinic.consultations.letters import LARGEST_FILE, read_letter
from clinic.consultations.models import Letter
from clinic.events import Event
from tests.clinic.consultations.decided import PDF, Consultation, a_picture


def sent(content, name="letter.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def test_a_pdf_is_kept_as_it_came():
    assert read_letter(sent(PDF)) == (PDF, "application/pdf")


@pytest.mark.parametrize(("kind", "content_type"), [("PNG", "image/png"), ("JPEG", "image/jpeg")])
def test_a_picture_is_drawn_again_whatever_it_is_called(kind, content_type):
    content, found = read_letter(sent(a_picture(kind)))
    assert (found, Image.open(BytesIO(content)).size) == (content_type, (20, 30))


def test_a_picture_with_a_second_one_behind_it_is_kept_as_the_first_alone():
    both = a_picture("MPO", save_all=True, append_images=[Image.new("RGB", (99, 99))])
    content, found = read_letter(sent(both))
    assert (found, Image.open(BytesIO(content)).format) == ("image/jpeg", "JPEG")


def test_a_picture_loses_what_a_camera_writes_into_it():
    exif = Image.Exif()
    exif[0x010E] = "where she lives"
    picture = a_picture(exif=exif.tobytes(), comment=b"where she lives")
    assert b"where she lives" in picture
    assert b"where she lives" not in read_letter(sent(picture))[0]


def test_a_picture_taken_lying_down_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    content, _ = read_letter(sent(a_picture(exif=exif.tobytes())))
    assert Image.open(BytesIO(content)).size == (30, 20)


def test_a_large_picture_is_unpacked_at_half_its_size():
    content, _ = read_letter(sent(a_large_picture()))
    assert Image.open(BytesIO(content)).size == (2500, 2000)


@pytest.mark.parametrize("kind", [{"kind": "PNG"}, {"progressive": True}])
def test_a_large_picture_that_cannot_be_unpacked_smaller_is_refused(kind):
    content = a_large_picture(**kind)
    assert len(content) < LARGEST_FILE
    with pytest.raises(ValidationError, match="at most 4000 by 4000, or a PDF"):
        read_letter(sent(content))


def a_large_picture(kind="JPEG", **how):
    large = BytesIO()
    Image.new("L", (5000, 4000)).save(large, kind, **how)
    return large.getvalue()


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.4 and then nothing", b"<html>%PDF-1.4 %%EOF</html>", a_picture("GIF"), a_picture("PNG")[:40]],
    ids=["empty", "half a PDF", "a page", "a GIF", "half a picture"],
)
def test_nothing_else_is_a_letter(content):
    with pytest.raises(ValidationError, match="no letter we can keep"):
        read_letter(sent(content))


def test_a_letter_has_at_most_five_megabytes():
    with pytest.raises(ValidationError, match="larger than 5 MB"):
        read_letter(sent(PDF + b" " * LARGEST_FILE))


def test_a_picture_with_too_many_dots_is_not_unpacked():
    with pytest.raises(ValidationError, match="too many dots"):
        read_letter(sent(a_picture("PNG", mode="1", size=(8001, 5000))))


@pytest.mark.django_db
def test_a_letter_is_given_as_a_file_that_no_browser_runs_and_each_reading_is_kept(client):
    one = Consultation()
    kept = one.letter()
    client.force_login(one.by)
    response = client.get(f"/staff/letters/{kept.pk}/")
    assert (response.status_code, response.content) == (200, PDF)
    assert response["Content-Disposition"] == f'attachment; filename="letter-{kept.pk}.pdf"'
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert list(Event.objects.filter(about=f"letter {kept.pk}").values_list("action", flat=True)) == [
        "letter read",
        "letter kept",
    ]
    assert len(Letter.objects.get().sha256) == 64
