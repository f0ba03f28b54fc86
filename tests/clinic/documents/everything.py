"""A paper that uses the whole vocabulary of templates/documents, with invented people; a test spoils what it wants."""

from base64 import b64encode
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings
from django.test import override_settings
from PIL import Image

from clinic.documents.maps import BodyMap, MappedPlace
from clinic.documents.paper import Letterhead, Mark, Unstored
from clinic.documents.rendering import html_of, render
from clinic.documents.signature_lines import SignatureLine
from screening.presentation.told import ToldFinding
from tests.support.pdf import Pdf

TEMPLATES = Path(__file__).with_name("templates")
MARK = Mark(
    number="000123",
    check_code="0123-4567-89AB-CDEF",
    address="clinic.example/verify/",
    link="https://clinic.example/verify/#000123.0123456789ABCDEF",
    issued="21 November 2026, 10:04 GMT, by Perry Practitioner",
)
PLACES = (
    MappedPlace("abdomen", "Abdomen", "planned"),
    MappedPlace("forearm-left", "Left forearm", "barred"),
    MappedPlace("forearm-right", "Right forearm", "allowed"),
    MappedPlace("lower-leg-left", "Left lower leg", "perhaps"),
    MappedPlace("cheek-left", "Left cheek", "planned"),
)
MAP = BodyMap(PLACES)


@dataclass(frozen=True)
class Verdict:
    outcome: str = "restricted"
    treatment: str = "Myostimulation of the body"
    label: str = "Restricted"
    headline: str = "Only at the places that are not barred"
    lead: str = "Your own assessment comes before any treatment."


@dataclass(frozen=True)
class Everything:
    words: str = "Sofía Ångström, born 3 May 1980."
    told: Verdict = Verdict()
    findings: tuple = ()
    answers: tuple = (("Do you have a pacemaker?", "Yes"),)
    map: BodyMap | None = MAP
    rows: tuple = (("Frequency", "80 Hz"), ("Pulse width", "350 µs"))
    signatures: tuple = (
        SignatureLine("Patient", "Sofía Ångström", "Typed", "21 November 2026, 10:04 GMT"),
        SignatureLine("Practitioner", "Perry", "Drawn", "21 November 2026, 10:05 GMT", "M50 150C100 20 200 90 350 120"),
        SignatureLine("Guardian"),
    )


def finding(title="Metal near the place", message="Metal can get hot. Leave the place out."):
    return ToldFinding(
        rule="metal",
        title=title,
        status="met",
        grade="site",
        urgency="",
        message=message,
        until="from 20 December 2026",
        settle="",
        next_step="Ask where the metal is.",
        ends="",
        sites=("Abdomen",),
        goals=(),
        sources=("M b7",),
        reading="Read as barring the place.",
        touches_plan=True,
    )


def logo(kind="WEBP"):
    data = BytesIO()
    Image.new("RGB", (300, 80), "#0b5563").save(data, kind)
    return f"data:image/{kind.lower()};base64,{b64encode(data.getvalue()).decode()}"


def everything(page=None, title="Consultation summary", **letterhead):
    clinic = {"name": "Invented Clinic", "street": "1 High Street", "phone": "020 7946 0000", "email": "a@b.example"}
    page = page or Everything(findings=(finding(), finding("Pacemaker")))
    return Unstored("everything.html", title, Letterhead(**(clinic | {"logo": logo()} | letterhead)), page)


def drawn(paper=None, mark=MARK):
    """Return the paper as a PDF that can be read."""
    with with_templates():
        return Pdf(render(paper or everything(), mark))


def html(paper=None, mark=MARK):
    with with_templates():
        return html_of(paper or everything(), mark)


def with_templates():
    """Let Django find the templates beside this file too."""
    templates = deepcopy(settings.TEMPLATES)
    templates[0]["DIRS"] = [TEMPLATES, *templates[0]["DIRS"]]
    return override_settings(TEMPLATES=templates)


@pytest.fixture(scope="module")
def paper():
    return drawn()
