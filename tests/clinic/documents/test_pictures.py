"""A photograph is drawn again: its dots are kept, and nothing of what else the file said."""

import struct
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageCms, ImageFile

from clinic.documents.pictures import LARGEST_FILE, MOST_DOTS, MOST_DOTS_OF_OTHERS, read_photograph

pytestmark = pytest.mark.one_database
SECRET = b"where she lives"
LATITUDE = (51.0, 30.0, 26.5)


def sent(content, name="IMG_0001.jpg", kind="image/jpeg"):
    return SimpleUploadedFile(name, content, content_type=kind)


def a_photograph(kind="JPEG", size=(40, 30), mode="RGB", colour="red", **options):
    made = BytesIO()
    Image.new(mode, size, colour).save(made, kind, **options)
    return made.getvalue()


def exif(**tags):
    """What a phone writes: where, with what, and which way up."""
    written = Image.Exif()
    written[0x010E] = SECRET.decode()
    written.get_ifd(0x8825).update({1: "N", 2: LATITUDE})
    written[0x0112] = tags.get("orientation", 1)
    return written


def opened(jpeg):
    return Image.open(BytesIO(jpeg))


def segments(jpeg):
    """The markers of a JPEG's parts before its dots."""
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return found


@pytest.mark.hazard("H-36")
def test_nothing_but_dots_is_left_of_what_a_phone_writes_into_a_photograph():
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    given = a_photograph(exif=exif(), comment=SECRET, xmp=xmp, icc_profile=profile) + SECRET
    assert given.count(SECRET) == 4
    assert opened(given).getexif().get_ifd(0x8825)[2] == LATITUDE
    kept = read_photograph(sent(given))
    # JFIF's head, tables and frame: no APP1 (EXIF, XMP), no APP2 (profile), no comment; and nothing behind the end.
    assert set(segments(kept)) == {0xE0, 0xDB, 0xC0, 0xC4}
    assert (kept.count(SECRET), kept[-2:]) == (0, b"\xff\xd9")
    assert dict(opened(kept).getexif()) == {}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_other_kinds_become_a_jpeg_without_what_was_written_into_them(kind):
    kept = read_photograph(sent(a_photograph(kind, exif=exif()), "x.txt", "text/plain"))
    assert (opened(kept).format, opened(kept).size, SECRET in kept) == ("JPEG", (40, 30), False)


def test_photograph_with_a_second_one_behind_it_is_kept_as_the_first_alone():
    both = a_photograph("MPO", save_all=True, append_images=[Image.new("RGB", (99, 99))])
    kept = read_photograph(sent(both))
    assert (opened(kept).format, opened(kept).size, kept.count(b"\xff\xd8\xff")) == ("JPEG", (40, 30), 1)


def test_photograph_taken_lying_down_stands_upright():
    assert opened(read_photograph(sent(a_photograph(exif=exif(orientation=6))))).size == (30, 40)


def test_colours_of_another_profile_are_brought_to_the_usual_ones():
    usual = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    # One in which what is called red is green, and the other way round.
    swapped = usual.replace(b"rXYZ", b"----").replace(b"gXYZ", b"rXYZ").replace(b"----", b"gXYZ")
    kept = read_photograph(sent(a_photograph(colour=(255, 0, 0), icc_profile=swapped)))
    red, green, blue = opened(kept).getpixel((5, 5))
    assert (red < 10, green > 245, blue < 10) == (True, True, True)


def test_profile_that_is_none_costs_no_photograph():
    assert opened(read_photograph(sent(a_photograph(icc_profile=SECRET)))).size == (40, 30)


def test_what_is_see_through_becomes_white():
    kept = read_photograph(sent(a_photograph("PNG", mode="RGBA", colour=(0, 0, 0, 0))))
    assert opened(kept).getpixel((3, 3)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["L", "P", "1", "CMYK"])
def test_photographs_in_other_colours_are_read(mode):
    kind = "JPEG" if mode == "CMYK" else "PNG"
    kept = read_photograph(sent(a_photograph(kind, mode=mode, colour=0)))
    assert (opened(kept).mode, opened(kept).size) == ("RGB", (40, 30))


def test_large_photograph_is_made_smaller_in_its_own_shape():
    assert opened(read_photograph(sent(a_photograph(size=(4800, 1200))))).size == (2400, 600)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"%PDF-1.4\n%%EOF",
        a_photograph("GIF", colour="red"),
        a_photograph("TIFF"),
        a_photograph()[:200],
        b"\xff\xd8\xff\xe0" + bytes(300),
    ],
    ids=["empty", "an SVG", "a PDF", "a GIF", "a TIFF", "half a JPEG", "the head of one"],
)
def test_nothing_else_is_a_photograph_whatever_it_is_called(content):
    with pytest.raises(ValidationError, match="no photograph we can read"):
        read_photograph(sent(content))


def test_file_of_more_than_fifteen_megabytes_is_not_even_read():
    file = sent(b"")
    file.size = LARGEST_FILE + 1
    with pytest.raises(ValidationError, match="larger than 15 MB"):
        read_photograph(file)


@pytest.mark.parametrize(("kind", "most"), [("PNG", MOST_DOTS_OF_OTHERS), ("JPEG", MOST_DOTS)])
def test_small_file_with_many_dots_is_not_unpacked(kind, most, monkeypatch):
    bomb = a_photograph(kind, size=(10_000, most // 10_000 + 1), colour=0)
    assert len(bomb) < 900_000
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda _self: pytest.fail("it was unpacked"))
    with pytest.raises(ValidationError, match="too many dots"):
        read_photograph(sent(bomb))


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_large_jpeg_is_unpacked_no_larger_than_is_needed(mode, monkeypatch):
    """A whole one of 50 million dots would take more memory than a small server has."""
    large = a_photograph(mode=mode, size=(5000, 2000), colour=0)
    unpacked, load = [], ImageFile.ImageFile.load
    monkeypatch.setattr(ImageFile.ImageFile, "load", lambda self: (unpacked.append(self.size), load(self))[1])
    assert opened(read_photograph(sent(large))).size == (2400, 960)
    assert max(unpacked) == (2500, 1000)
