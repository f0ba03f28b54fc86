"""A doctor's letter as it comes in: a PDF stays as it is, a picture is drawn again, and nothing else is taken."""

import hashlib
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from PIL import Image, ImageOps

from clinic.consultations.keeping import keep, whose
from clinic.consultations.models import Letter
from clinic.people.clinics import Membership
from clinic.people.patients import Patient

LARGEST_FILE = 5 * 1024 * 1024
MOST_DOTS = 40_000_000
MOST_DOTS_UNPACKED = 16_000_000
PDF = "application/pdf"
PICTURES = {"PNG": "image/png", "JPEG": "image/jpeg"}
ENDINGS = {PDF: "pdf", "image/png": "png", "image/jpeg": "jpg"}


def read_letter(sent: "UploadedFile[bytes]") -> tuple[bytes, str]:
    """Take a file that somebody sent, give what is kept of it and its media type.

    Raises ValidationError, saying what to send instead, where it is no PDF, PNG or JPEG, or larger than 5 MB.
    """
    if sent.size is None or sent.size > LARGEST_FILE:
        raise ValidationError("This file is larger than 5 MB. Choose a smaller one.")
    content = sent.read()
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-2048:]:
        return content, PDF
    try:
        with Image.open(BytesIO(content), formats=tuple(PICTURES)) as picture:
            _have_few_dots(picture)
            return _drawn_again(picture)
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as fault:
        raise ValidationError("This file is no letter we can keep. Choose a PDF, PNG or JPEG file.") from fault


def keep_letter(
    read: tuple[bytes, str], *, patient: Patient, membership: Membership, request: HttpRequest | None = None
) -> Letter:
    """Store what `read_letter` gave as a letter of the patient, in the trail too. Call it inside a transaction."""
    content, content_type = read
    letter = Letter(
        **whose(patient, membership),
        content=content,
        content_type=content_type,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    keep(letter, "letter kept", request)
    return letter


def can_unpack_smaller(picture: Image.Image) -> bool:
    """Return whether a picture can be read at half its size; else a few kilobytes may take a gigabyte of memory.

    Only a JPEG can, and not one that comes in several passes: these are all held at full size first.
    """
    return picture.format in ("JPEG", "MPO") and "progressive" not in picture.info


def file_name(letter: Letter) -> str:
    """Give the name that a letter is saved under: its number, and nothing about whom or what."""
    return f"letter-{letter.pk}.{ENDINGS[letter.content_type]}"


def _have_few_dots(picture: Image.Image) -> None:
    dots = picture.width * picture.height
    if dots > MOST_DOTS:
        raise ValidationError("This picture has too many dots. Choose one of at most 8000 by 5000.")
    if dots > MOST_DOTS_UNPACKED and not can_unpack_smaller(picture):
        raise ValidationError("This picture has too many dots. Choose one of at most 4000 by 4000, or a PDF.")


def _drawn_again(picture: Image.Image) -> tuple[bytes, str]:
    """Give a picture as its dots alone, upright, without what a camera writes into its file."""
    # Phones put a second picture behind the first: then it says that it is an MPO, and is a JPEG all the same.
    kind = "PNG" if picture.format == "PNG" else "JPEG"
    if picture.width * picture.height > MOST_DOTS_UNPACKED:
        picture.draft(None, (picture.width // 2, picture.height // 2))
    upright: Any = ImageOps.exif_transpose(picture)
    drawn = upright.convert("RGB" if kind == "JPEG" else "RGBA")
    drawn.info.clear()
    kept = BytesIO()
    drawn.save(kept, kind, **({"quality": 90} if kind == "JPEG" else {"optimize": True}))
    if kept.tell() > LARGEST_FILE:
        raise ValidationError("This picture is too large to be kept. Choose a smaller one, or a PDF.")
    return kept.getvalue(), PICTURES[kind]
