"""A photograph as it comes in: drawn again as a JPEG of its dots alone, so that nothing else of the file is kept."""

from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image, ImageCms, ImageOps

from clinic.consultations.letters import can_unpack_smaller

LARGEST_FILE = 15 * 1024 * 1024
MOST_DOTS = 50_000_000
# Of what cannot be unpacked smaller than it is.
MOST_DOTS_OF_OTHERS = 16_000_000
# Enough to see a pore, and small enough for a page with many.
BOX = (2400, 2400)
KINDS = ("JPEG", "PNG", "WEBP")
UNREADABLE = "This file is no photograph we can read. Choose a JPEG, PNG or WebP file."


def read_photograph(sent: "UploadedFile[bytes]") -> bytes:
    """Take a file that somebody sent, give the photograph as it is kept: JPEG, upright, no side over 2400 dots.

    Raises ValidationError, saying what to send instead, where it is no photograph or too large.
    """
    if sent.size is None or sent.size > LARGEST_FILE:
        raise ValidationError("This file is larger than 15 MB. Choose a smaller one.")
    try:
        with Image.open(BytesIO(sent.read()), formats=KINDS) as picture:
            _have_few_dots(picture)
            return _drawn_again(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise ValidationError(UNREADABLE) from fault


def _have_few_dots(picture: Image.Image) -> None:
    dots = picture.width * picture.height
    if dots > MOST_DOTS:
        raise ValidationError("This photograph has too many dots. Choose one of at most 8000 by 6250.")
    if dots > MOST_DOTS_OF_OTHERS and not can_unpack_smaller(picture):
        raise ValidationError("This photograph has too many dots. Choose one of at most 4000 by 4000, or a JPEG file.")


def _drawn_again(picture: Image.Image) -> bytes:
    times = max(1, max(picture.size) / max(BOX))
    picture.draft(None, (int(picture.width / times), int(picture.height / times)))
    profile = picture.info.get("icc_profile")
    drawn = picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGBA")
    drawn.thumbnail(BOX)
    upright: Any = ImageOps.exif_transpose(drawn)
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    _in_usual_colours(sheet, profile)
    sheet.info.clear()
    kept = BytesIO()
    sheet.save(kept, "JPEG", quality=88)
    return kept.getvalue()


def _in_usual_colours(sheet: Image.Image, profile: bytes | None) -> None:
    """Bring the colours to sRGB: phones use wider ones, and without their profile skin would look paler than it is."""
    if not profile:
        return
    try:
        own = ImageCms.ImageCmsProfile(BytesIO(profile))
        ImageCms.profileToProfile(sheet, own, ImageCms.createProfile("sRGB"), inPlace=True)
    except (ImageCms.PyCMSError, OSError):
        # A profile that cannot be used says nothing about the dots, which are there.
        return
