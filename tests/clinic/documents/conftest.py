"""Read before Django is set up: models are imported where they are needed."""

import json

import pytest

from tests.clinic.screenings.conftest import clinic, elsewhere, sign_in

__all__ = ["clinic", "elsewhere", "sign_in"]


@pytest.fixture
def small(monkeypatch):
    """What is issued is drawn on the stationery alone: how a paper looks is left to the tests that read it."""
    from tests.support.small_papers import small_papers

    small_papers(monkeypatch)


@pytest.fixture
def signed():
    """A consent that was opened on the tablet for the patient to sign."""
    from tests.clinic.documents.signed import Signed

    return Signed()


@pytest.fixture
def text_becomes(monkeypatch, tmp_path):
    """Puts another consent text in force: the present one with some entries changed, or without a treatment's."""
    from clinic.consultations import consent_texts

    def put(without="", **changed):
        content = json.loads(consent_texts.CURRENT.read_text(encoding="utf-8"))
        content["treatments"] = [text for text in content["treatments"] if text["code"] != without]
        file = tmp_path / "consent-text.json"
        file.write_text(json.dumps(content | changed), encoding="utf-8")
        monkeypatch.setattr(consent_texts, "CURRENT", file)
        consent_texts.current.cache_clear()

    yield put
    monkeypatch.undo()
    consent_texts.current.cache_clear()
