"""Invented papers for the tests of what issues, keeps and checks them; the page itself says a few words only."""

from dataclasses import dataclass

from django.test import RequestFactory

from clinic.documents.issuing import issue
from clinic.documents.paper import Letterhead, Paper

NO_PICTURE = "data:image/png;base64,bm8gcGljdHVyZQ=="


@dataclass(frozen=True)
class Words:
    words: str


def a_paper(patient, words="Invented", *, kind="summary", logo="", **about):
    """A paper with nothing on it but the stationery; `words`: of its values, by which two differ."""
    head = Letterhead("Park Street", "1 Park Street", "", "", logo)
    rules = ("set-1", "1", "0" * 64)
    return Paper(kind, "base.html", "Consultation summary", head, Words(words), patient.clinic, patient, about, rules)


def issued(paper, membership=None):
    request = RequestFactory(SERVER_NAME="127.0.0.1").post("/")
    request.user = membership.user
    return issue(paper, membership=membership, request=request)
