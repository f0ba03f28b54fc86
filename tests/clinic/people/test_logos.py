from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from clinic.people.logos import logo_from


def picture(kind="PNG", size=(600, 200), mode="RGBA", **options):
    drawn = BytesIO()
    Image.new(mode, size, "teal").save(drawn, kind, **options)
    return drawn.getvalue()


def sent(content, name="logo.png"):
    return SimpleUploadedFile(name, content, "image/png")


@pytest.mark.parametrize(("kind", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("JPEG", "RGB"), ("WEBP", "RGBA")])
def test_a_picture_is_drawn_again_small_enough_for_a_header(kind, mode):
    kept = logo_from(sent(picture(kind, mode=mode)))
    with Image.open(BytesIO(kept)) as logo:
        assert (logo.format, logo.size) == ("WEBP", (480, 160))
    assert len(kept) < 8_000


def test_a_small_picture_is_not_blown_up():
    with Image.open(BytesIO(logo_from(sent(picture(size=(64, 64)))))) as logo:
        assert logo.size == (64, 64)


def test_nothing_that_a_camera_wrote_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "Taken at 12 Real Street"
    original = picture("JPEG", mode="RGB", exif=exif)
    assert b"Real Street" in original
    assert b"Real Street" not in logo_from(sent(original))


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"not a picture",
        picture()[:60],
        picture("GIF", mode="P"),
        b"\x89PNG\r\n\x1a\n" + b"\0" * 40,
    ],
)
def test_what_is_no_such_picture_is_refused_with_what_to_send(content):
    with pytest.raises(ValidationError, match="Choose a PNG, JPEG or WebP file"):
        logo_from(sent(content))


def test_a_file_over_200_kb_is_refused():
    with pytest.raises(ValidationError, match="larger than 200 kB"):
        logo_from(sent(picture() + b"\0" * 200_000))


def test_a_small_file_with_too_many_dots_is_refused_before_it_is_drawn():
    with pytest.raises(ValidationError, match="too many dots"):
        logo_from(sent(picture(mode="1", size=(9000, 9000))))
