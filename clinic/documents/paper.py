"""What every document has: the clinic's letterhead, and the mark by which an issued one can be checked."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from io import BytesIO
from typing import Any

import segno
from PIL import Image, ImageOps

from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.people.qr import BORDER

# The side of one square of a printed QR code: large enough for an older telephone. Finer dots keep its edges sharp.
SQUARE_MM = 0.36
DOTS = 4
# The shade of a square by its number: 0 is light, each other dark.
LIGHT = bytes([255]) + bytes(255)


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A QR code as one small picture, which a file holds once for all its pages. `squares`: along each side."""

    picture: str
    squares: int

    @classmethod
    def of(cls, text: str) -> "PrintedCode":
        """Return a text as a QR code that can still be read when a part of it is covered."""
        rows = segno.make(text, error="m", micro=False).matrix
        # Whole shades of grey: WeasyPrint would make a picture of single bits three times as large before it uses it.
        grey = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows).translate(LIGHT))
        coded = ImageOps.expand(grey, BORDER, 255)
        png = BytesIO()
        coded.resize((coded.width * DOTS, coded.height * DOTS), Image.Resampling.NEAREST).save(png, "PNG")
        address = f"data:image/png;base64,{b64encode(png.getvalue()).decode()}"
        return cls(address, coded.width)


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Who a document comes from. `logo`: a picture as a data address, or empty."""

    name: str
    street: str
    phone: str
    email: str
    logo: str

    @classmethod
    def of(cls, clinic: Clinic) -> "Letterhead":
        """Return the letterhead of a clinic as it is now."""
        logo = bytes(clinic.logo)
        address = f"data:{clinic.logo_type};base64,{b64encode(logo).decode()}" if logo else ""
        return cls(clinic.name, clinic.street, clinic.phone, clinic.email, address)


@dataclass(frozen=True, slots=True)
class Mark:
    """What an issued document carries on each page.

    `number`: such as "000123"; `check_code`: in groups of four; `address`: of the page where it can be checked, short
    enough to be typed; `link`: the same with number and code behind a #; `issued`: when and by whom, in words.
    """

    number: str
    check_code: str
    address: str
    link: str
    issued: str

    @property
    def code(self) -> "PrintedCode":
        """The link as a QR code."""
        return PrintedCode.of(self.link)


@dataclass(frozen=True, slots=True)
class Paper:
    """One document before it is issued. `page`: a frozen dataclass of text, whole numbers, truths and tuples only.

    `kind`: of `Document.Kind`. `template`: its name below templates/documents/. `about`: the rows it is about, by the
    column of the ledger; `same`: the columns in which a newer version is about the same as the one it replaces.
    `rule_set`: code, version and digest; `engine`: the engine's version; both may be empty.
    """

    kind: str
    template: str
    title: str
    letterhead: Letterhead
    page: Any
    clinic: Clinic
    patient: Patient
    about: Mapping[str, Any] = field(default_factory=dict)
    rule_set: tuple[str, ...] = ()
    engine: str = ""
    same: tuple[str, ...] = ("screening", "decision", "consent", "session", "referral")
    language: str = "en-GB"

    @property
    def values(self) -> dict[str, Any]:
        """Everything that is printed, as JSON values, but for the mark."""
        return {"title": self.title, "letterhead": asdict(self.letterhead), "page": asdict(self.page)}


@dataclass(frozen=True, slots=True)
class Unstored:
    """A document that is made and handed over, and kept nowhere: it cannot be verified, and says so."""

    template: str
    title: str
    letterhead: Letterhead
    page: Any
    language: str = "en-GB"
