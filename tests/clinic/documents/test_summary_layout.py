"""Summary and session record as they lie on paper: the plain ones on one page, the worst in good order."""

from dataclasses import replace
from itertools import pairwise

import pytest

from clinic.consultations.assessment import entries_for
from clinic.documents.maps import body_map_of
from clinic.documents.paper import Mark
from clinic.documents.rendering import render
from clinic.documents.sample_cases import a_case, the_worst_case, told_of
from clinic.documents.samples import session, summary
from tests.support.pdf import Pdf, tidy

pytestmark = pytest.mark.one_database
MARK = Mark(
    "000123",
    "0123-4567-89AB-CDEF",
    "clinic.example/verify/",
    "https://clinic.example/verify/#000123.0123456789ABCDEF",
    "20 November 2026, 10:21 GMT, by Perry Peters",
)


@pytest.fixture(scope="module")
def heavy():
    return Pdf(render(summary.worst(), MARK))


@pytest.fixture(scope="module")
def heavy_session():
    return Pdf(render(session.worst(), MARK))


def of_the_suit():
    """The summary of a plan with nineteen places."""
    usual, case = summary.usual(), a_case("ems-training", ())
    states = dict.fromkeys(case.planned, "planned")
    return replace(usual, page=replace(usual.page, told=told_of(case), map=body_map_of(case.rule_set, states)))


def assessed_in_full():
    """The summary of a body with a word under each entry of its assessment."""
    usual, case = summary.usual(), a_case("body-myostimulation", ("abdomen",))
    entries = entries_for(is_facial=False, is_suit=False).values()
    seen = tuple((label, "Nothing that stands out.") for label, _ in entries)
    maps = body_map_of(case.rule_set, {"abdomen": "planned"})
    return replace(usual, page=replace(usual.page, told=told_of(case), map=maps, goals=(), seen=seen))


@pytest.mark.parametrize("made", [summary.usual, of_the_suit, assessed_in_full, session.usual])
def test_with_nothing_to_report_it_is_one_page_signatures_and_all(made):
    paper = Pdf(render(made(), MARK))
    assert len(paper.pages) == 1
    assert paper.faults == []
    assert "Nothing reported speaks against the plan" in paper.text
    assert paper.reading.index("Signatures") < paper.reading.index("How to check this paper")


LONG = ("Line by line.\n" * 60, "word " * 500)


@pytest.mark.parametrize("text", LONG)
def test_what_is_long_stands_by_itself_where_it_flows_on_to_the_next_page(text):
    page, facts = summary.usual().page, (("Long", text),)
    assert (page.has_small_map, page.has_short_assessment, page.has_short_decision) == (True, True, True)
    assert not replace(page, plan=facts).has_small_map
    assert not replace(page, goals=facts).has_small_map
    assert not replace(page, seen=facts).has_short_assessment
    assert not replace(page, verdict=replace(page.verdict, words=text)).has_short_decision
    plain = session.usual().page
    assert plain.has_small_map
    assert not replace(plain, records=(replace(plain.records[0], words=facts),)).has_small_map


def test_the_heavy_summary_is_pdf_ua_and_its_headings_are_in_order(heavy):
    assert heavy.faults == []
    levels = [level for level, _ in heavy.headings]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(heavy.pages) > 5


def test_every_finding_stands_with_its_title_its_words_and_its_source_on_one_page(heavy):
    found = [one for group in summary.worst().page.groups for one in group.findings]
    assert len(found) >= 30
    for one in found:
        title, message, source = tidy(one.told.title), tidy(one.told.message), tidy(one.told.sources[0])
        # From the title on: the words below it are its own, and two findings may have one title.
        after = [page.partition(title)[2] for page in heavy.pages if title in page]
        assert any(source in words.partition(message)[2] for words in after if message in words), title


def test_no_heading_stands_alone_at_the_foot_of_a_page(heavy, heavy_session):
    for paper in (heavy, heavy_session):
        for before, after in _followers(paper):
            assert before.page == after.page, before.text


def _followers(paper):
    """Each heading, with the element that follows it in reading order."""
    told = [tag for tag in paper.tags.walk() if tag.words or tag.alt]
    for here, tag in enumerate(told[:-1]):
        if tag.name in ("H1", "H2", "H3"):
            yield tag, told[here + 1]


def test_a_table_over_two_pages_has_its_head_on_both(heavy_session):
    heads = [table[0] for table in heavy_session.tables if table[0][0][1] == "What the sources say"]
    assert len(heads) > 3
    assert all(row == [("TH", "What the sources say"), ("TH", "Why it was otherwise")] for row in heads)
    assert heavy_session.faults == []


def test_the_body_map_says_in_words_what_it_shows(heavy):
    maps = [alt for alt in heavy.alts if alt.startswith("Body map")]
    assert len(maps) >= 2
    assert all(state in " ".join(maps) for state in ("Planned: ", "Left out: "))


def test_what_ended_a_decision_stands_on_its_first_page(heavy):
    assert heavy.page_of("A later decision takes its place") == 1


def test_the_worst_case_is_really_screened():
    told, kinds = summary.worst().page.told, the_worst_case("body-myostimulation").outcome
    assert (told.outcome, told.digest) == (kinds.outcome, kinds.rule_set.digest)
