"""Read before Django is set up: models are imported where they are needed."""

import pytest

from tests.clinic.screenings.conftest import clinic, elsewhere, sign_in

__all__ = ["clinic", "elsewhere", "sign_in"]


@pytest.fixture
def drawn(monkeypatch):
    """What was issued, which is not drawn: how a paper looks is left to the tests that read it."""
    papers = []

    def draw(paper, mark=None):
        papers.append(paper)
        return f"%PDF of {paper.title}".encode()

    monkeypatch.setattr("clinic.documents.issuing.render", draw)
    return papers


@pytest.fixture
def signed(drawn):
    """A consent that was opened on the tablet for the patient to sign."""
    from tests.clinic.documents.signed import Signed

    return Signed()
