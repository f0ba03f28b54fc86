"""A clinic's logo: what somebody sent, drawn again by us, so that nothing but a small picture is kept."""

from io import BytesIO

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from PIL import Image

LARGEST_FILE = 200_000
MOST_DOTS = 16_000_000
BOX = (480, 160)
KINDS = ("PNG", "JPEG", "WEBP")
MEDIA_TYPE = "image/webp"


def logo_from(sent: "UploadedFile[bytes]") -> bytes:
    """Take a file that somebody sent, give the logo as WebP that fits a header.

    Raises ValidationError, saying what to send instead, where it is no such picture or too large.
    """
    if sent.size is None or sent.size > LARGEST_FILE:
        raise ValidationError("This file is larger than 200 kB. Choose a smaller picture.")
    try:
        with Image.open(BytesIO(sent.read()), formats=KINDS) as picture:
            if picture.width * picture.height > MOST_DOTS:
                raise ValidationError("This picture has too many dots. Choose one of at most 4000 by 4000.")
            return as_webp(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise ValidationError("This file is no picture we can read. Choose a PNG, JPEG or WebP file.") from fault


def as_webp(picture: Image.Image) -> bytes:
    """Take a picture, give it small enough for a header, without what a camera writes into its file."""
    drawn = picture.convert("RGBA")
    drawn.thumbnail(BOX)
    kept = BytesIO()
    drawn.save(kept, "WEBP", quality=88)
    return kept.getvalue()
