"""The result as a page: plain words, nothing without its heading, colours that can be read."""

import itertools
import re
from html.parser import HTMLParser

import pytest
from django.template.loader import render_to_string

from clinic.people.clinics import Clinic
from screening.body_map import pictured
from screening.engine.outcome import OUTCOMES
from screening.presentation import patient_words, practitioner_words
from tests.screening.presented import every_case, healthy, pinned
from tests.screening.rule_set_one import rule_set
from tests.support.processes import ROOT

CLINIC = Clinic(name="Demo Clinic", slug="demo", phone="020 7946 0000", email="hello@demo.example")
CASES = {row["id"]: case for row, case in pinned()}
TEMPLATES = sorted((ROOT / "templates" / "outcome").glob("*.html"))
STYLE = (ROOT / "static" / "css" / "outcome.css").read_text()
THEME = (ROOT / "static" / "css" / "theme.css").read_text()
MOST_WORDS = 20
BLOCKS = {"p", "h1", "h2", "h3", "h4", "li", "dt", "dd", "div", "section", "article", "summary", "ul", "dl", "nav"}


class Page(HTMLParser):
    """The page's blocks of text, its headings, its ids, and what points at them."""

    def __init__(self, html):
        super().__init__()
        self.texts, self.headings, self.ids, self.targets, self.lists = [""], [], [], [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.texts += [""] if tag in BLOCKS else []
        self.headings += [tag] if re.fullmatch(r"h\d", tag) else []
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.targets += [attributes[name] for name in ("aria-labelledby", "for") if name in attributes]
        self.targets += [link[1:] for link in [attributes.get("href") or ""] if link.startswith("#")]

    def handle_endtag(self, tag):
        self.texts += [""] if tag in BLOCKS else []

    def handle_data(self, data):
        self.texts[-1] += data

    @property
    def words(self):
        return [text for text in (" ".join(text.split()) for text in self.texts) if text]


def shown(case, audience="patient", **context):
    told = case.patient() if audience == "patient" else case.practitioner()
    context = {"told": told, "others": case.others(), "audience": audience, "clinic": CLINIC} | context
    return render_to_string("outcome/result.html", context)


def too_long(text):
    return [part for part in re.split(r"(?<=[.?!])\s", text) if len(part.split()) > MOST_WORDS]


def own_words():
    """Every text of the templates, and every headline, label and lead of the cases."""
    for template in TEMPLATES:
        source = template.read_text()
        for text in re.findall(r'translate "([^"]+)"', source):
            yield text
        for block in re.findall(r"blocktranslate[^%]*%}(.*?){% endblock", source, re.DOTALL):
            for text in block.split("{% plural %}"):
                yield " ".join(text.split())
    for words in (patient_words, practitioner_words):
        yield from map(str, [*words.LABELS.values(), *words.HEADINGS.values(), *words.HEADLINES.values()])
    yield from map(str, patient_words.LEADS.values())
    for case in every_case():
        for told in (case.patient(), case.practitioner()):
            yield from (told.label, told.headline, told.lead)


def test_no_sentence_of_ours_has_more_than_twenty_words():
    assert [text for text in own_words() if too_long(text)] == []


@pytest.mark.hazard("H-29")
def test_no_word_of_ours_blames_promises_or_shouts():
    forbidden = r"\b(safe|safely|safety|please|sorry|invalid|unfortunately|error)\b|[!*]"
    assert [text for text in own_words() if re.search(forbidden, text, re.IGNORECASE)] == []


@pytest.mark.hazard("H-14", "H-29")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_no_page_says_safe(case):
    for audience in ("patient", "practitioner"):
        page = " ".join(Page(shown(case, audience)).words)
        assert not re.search(
            r"\bsafe(ly)?\b", page.replace("Is Muscle Stimulation Safe for the Face?", ""), re.IGNORECASE
        )


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_part_has_its_heading_and_every_link_its_target(case):
    page = Page(shown(case))
    assert page.headings.count("h1") == 1
    levels = [int(heading[1]) for heading in page.headings]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert len(page.ids) == len(set(page.ids))
    assert set(page.targets) <= set(page.ids)


@pytest.mark.hazard("H-15", "H-29")
@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_page_says_that_a_professional_checks_and_who_to_ask(case):
    words = Page(shown(case)).words
    assert "A professional checks you before any treatment" in words
    assert "Would you rather talk to a person? Ask at Demo Clinic." in words
    assert {CLINIC.phone, CLINIC.email} <= set(words)


@pytest.mark.parametrize("case", CASES.values(), ids=list(CASES))
def test_every_page_says_headline_findings_and_ways_out(case):
    told, words = case.patient(), " ".join(Page(shown(case)).words)
    texts = [told.label, told.headline, told.lead, *(group.heading for group in told.groups)]
    texts += [finding.message for finding in (*told.findings, *told.goals)]
    texts += [finding.next_step for finding in told.findings]
    texts += [finding.settle for finding in told.findings]
    assert [text for text in texts if text not in words] == []


def test_a_contraindication_says_how_much_is_still_unknown():
    words = Page(shown(CASES["stopped-early"])).words
    assert "38 things are still unknown. No treatment before they are known." in words
    assert "38 questions are not answered yet" in words


def test_every_question_left_open_is_on_the_page():
    case = CASES["stopped-early"]
    assert set(case.patient().missing) <= set(Page(shown(case)).words)


@pytest.mark.hazard("H-14")
def test_what_cannot_wait_comes_before_the_headline():
    page = Page(shown(CASES["urgent"]))
    assert page.words[0] == "Get help now"
    assert Page(shown(CASES["advice-today"])).words[0] == "Talk to a doctor today"


def test_the_end_is_told_in_words():
    words = Page(shown(CASES["deferred-date"])).words
    assert "From 20 December 2026, this no longer counts." in words


def test_an_end_is_not_told_of_what_is_only_possible():
    case = healthy("cheek-left", fever="unsure")
    assert "Until when" not in Page(shown(case)).words


def test_the_heat_of_a_device_is_named_on_its_page():
    assert rule_set().treatments["emface"].note in Page(shown(CASES["refer"])).words


def test_the_map_is_there_only_when_it_was_given():
    case = CASES["restricted"]
    assert "body-picture" not in shown(case)
    assert "body-picture" in shown(case, views=pictured(rule_set(), {"abdomen": "allowed"}))


def test_other_treatments_of_which_the_same_is_told_stand_together():
    words = Page(shown(CASES["contraindicated"])).words
    assert words.count("Not for you here too") == 1
    assert words.count("Because of: Epilepsy or a fit") == 1


@pytest.mark.hazard("H-15")
def test_the_word_in_between_tells_each_finding_and_first_what_cannot_wait():
    findings = healthy("cheek-left", epilepsy="yes", sepsis="yes").patient().findings
    page = Page(render_to_string("outcome/pause.html", {"findings": findings}))
    assert page.words[0] == "Get help now"
    assert page.headings == ["h2", "h1", "h2", "h3"]
    assert all(finding.message in page.words for finding in findings)


def test_the_word_in_between_has_no_empty_part():
    findings = healthy("cheek-left", sepsis="yes").patient().findings
    assert Page(render_to_string("outcome/pause.html", {"findings": findings})).headings == ["h2", "h1"]


def test_practitioners_read_sources_readings_and_versions():
    case = CASES["not-advised"]
    words = " ".join(Page(shown(case, "practitioner")).words)
    assert all(finding.reading in words for finding in case.practitioner().findings)
    assert "M b3" in words
    assert rule_set().digest in words


def tokens(style):
    """The tokens of a style sheet in light and in dark."""
    light, _, rest = style.partition("@media (prefers-color-scheme: dark)")
    dark = rest.partition("\n}\n")[0]
    return [dict(re.findall(r"(--[\w-]+): (#[0-9a-f]+);", part)) for part in (light, dark)]


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_a_tone_can_be_read_in_light_and_dark(outcome, scheme):
    told, theme = tokens(STYLE)[scheme], tokens(THEME)[scheme]
    tone, tint = told[f"--told-{outcome}"], told[f"--told-{outcome}-tint"]
    pairs = [(tone, tint), (theme["--ink"], tint), (tone, theme["--ground"]), (tone, theme["--surface"])]
    assert [pair for pair in pairs if contrast(*pair) < 4.5] == []
