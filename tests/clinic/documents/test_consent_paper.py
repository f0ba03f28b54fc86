"""The consent as a paper: everything that was shown, chosen and signed, readable by everyone; drawn once a module."""

import pytest

from clinic.consultations.consent_shown import ShownConsent, shown_for
from clinic.consultations.consent_texts import current
from clinic.consultations.deciding_case import NotReadable
from clinic.consultations.signing_models import SignedConsent
from clinic.documents import consent
from clinic.documents.rendering import render
from clinic.documents.samples import HOSTILE, LONG_NAME
from clinic.documents.samples import consent as samples
from screening.engine.canonical import canonical
from tests.support.pdf import Pdf


@pytest.fixture(scope="module")
def usual():
    return Pdf(render(samples.usual()))


@pytest.fixture(scope="module")
def worst():
    return Pdf(render(samples.worst()))


def test_it_is_a_paper_that_everybody_can_read(usual, worst):
    for pdf in (usual, worst):
        assert (pdf.faults, pdf.title, pdf.language, pdf.shows_title) == ([], "Consent", "en-GB", True)
        levels = [level for level, _ in pdf.headings]
        assert (levels[0], levels.count(1), max(levels)) == (1, 1, 3)
        assert "Drawn signature: " in " ".join(pdf.alts)


def test_everything_shown_is_on_it_in_the_order_of_the_page(usual):
    shown = samples.usual().page.shown
    lists = (shown.what, shown.feels, shown.side_effects, shown.alternatives, shown.who_should_not)
    words = [shown.opening, *shown.notes, *(line for lines in lists for line in lines)]
    words += [line for one in shown.against for line in (one.title, one.message, one.said[0][0], one.settled)]
    words += [*shown.expectations, shown.results, *shown.stop, *shown.tell]
    words += [line for one in shown.choices for line in (one.question, one.words, one.no)]
    words += [shown.statement, shown.practitioner_statement, shown.digest]
    places = [usual.reading.find(line) for line in words]
    assert [line for line, place in zip(words, places, strict=True) if place < 0] == []
    assert (
        usual.reading.index(shown.statement) > usual.reading.index(shown.stop[0]) > usual.reading.index(shown.what[0])
    )


def test_headings_stay_with_what_they_head(worst):
    for index, words in enumerate(worst.pages):
        body = words.partition("This paper is not stored")[0].strip()
        assert not body.endswith(tuple(text for level, text in worst.headings if level > 1)), f"page {index + 1}"


def test_finding_is_never_split_from_its_title(worst):
    findings = samples.worst().page.shown.against
    begun = [sum(page == worst.heading_pages[one.title] for one in findings) for page in range(1, len(worst.pages) + 1)]
    assert [page.count(findings[0].settled) for page in worst.pages] == begun
    assert sum(begun) == len(findings) == 30


def test_hostile_words_are_text_and_lead_nowhere(worst):
    assert worst.links == []
    assert "<script>alert(1)</script>" in worst.reading
    assert "[U+202E]" in worst.reading
    assert LONG_NAME in worst.reading
    assert HOSTILE[:40] in worst.reading


@pytest.mark.django_db
def test_signed_paper_says_what_was_signed_and_nothing_newer(signed):
    signed.signs(strokes="[[[40,130],[100,60],[160,140]]]")
    signed.practitioner_signs()
    row = SignedConsent.objects.get()
    signed.world.patient.name = "Another Name"
    signed.world.patient.save()
    paper = consent.signed_paper(row, signed.world.clinic)
    assert (paper.page.shown, paper.page.digest) == (ShownConsent.from_json(row.sheet.shown), row.digest)
    assert (paper.page.shown.patient, dict(paper.about)) == ("Nora Novak", {"consent": row.consent})
    assert [one.answer for one in paper.page.chosen] == ["Yes, photographs may be taken", "No"]
    lines = [line for one in paper.page.statements for line in one.signatures]
    assert [(line.party, line.name, line.how) for line in lines] == [
        ("Patient", "Nora Novak", "Drawn"),
        ("Practitioner", "Perry", "Drawn"),
    ]
    assert lines[0].path == "M40 130L100 60L160 140"
    assert canonical(paper.values).count(row.digest) == 1


@pytest.mark.django_db
def test_same_values_come_back_from_what_is_kept(signed):
    shown = shown_for(signed.world.decided)
    assert ShownConsent.from_json(signed.sheet.shown) == shown
    assert ShownConsent.from_json(shown.to_json()) == shown


@pytest.mark.django_db
def test_form_to_be_signed_by_hand_has_lines_and_boxes(signed):
    paper = consent.blank_paper(signed.world.decided, signed.world.clinic)
    assert [one.answer for one in paper.page.chosen] == ["", ""]
    assert [line.name for one in paper.page.statements for line in one.signatures] == ["", "", "", ""]
    pdf = Pdf(render(paper))
    for one in current().choices:
        asked = pdf.reading.partition(one.words)[2]
        assert asked.index(one.yes) < asked.index(f" {one.no} ")
    assert (pdf.faults, pdf.title, pdf.reading.count("Name, date, signature")) == ([], "Consent form", 4)


@pytest.mark.django_db
def test_rules_that_were_altered_give_no_consent(signed, monkeypatch):
    monkeypatch.setattr("clinic.consultations.deciding_case.set_of", lambda _: None)
    with pytest.raises(NotReadable):
        shown_for(signed.world.decided)
    assert "unreadable" in str(signed.open().templates[0].name)
