"""The consent text as data: whole for every treatment that is offered, and never changed under the same version."""

import json
import re

import pytest

from clinic.consultations.consent_texts import CURRENT, ConsentTextError, current, read, text_for
from clinic.consultations.signing_strokes import StrokesError, path_of, read_strokes
from screening.engine.canonical import canonical, digest_of
from screening.rulesets import read_fixture
from tests.support.processes import ROOT

pytestmark = pytest.mark.one_database
# A published text is never changed: a new one is a new file with a new version, and a line here.
DIGESTS = {"consent-text-1": "33fe17f7a94f471b16e435839b4c388320d82c6308dbb5362979010268f668a8"}


def content():
    return json.loads(CURRENT.read_text(encoding="utf-8"))


def every_sentence():
    def walk(value):
        if isinstance(value, dict):
            for name, entry in value.items():
                yield from () if name in {"about", "version", "code", "device_class", "current"} else walk(entry)
        elif isinstance(value, list):
            for entry in value:
                yield from walk(entry)
        else:
            yield from re.findall(r"[^.?]+[.?]?", value)

    return [sentence.strip() for sentence in walk(content()) if sentence.strip()]


def test_text_of_a_version_stays_as_it_was_published():
    text = current()
    assert {text.version: text.digest} == DIGESTS
    assert text.digest == digest_of(canonical(content()))


def test_every_treatment_that_is_offered_has_a_text():
    published = read_fixture(json.loads((ROOT / "fixtures" / "rule-set-1.json").read_text(encoding="utf-8")))
    offered = [code for code, treatment in published.treatments.items() if treatment.plan != "not-offered"]
    assert [treatment.code for treatment in current().treatments] == offered
    assert text_for("iontophoresis") is None


def test_emface_says_that_heat_and_metal_are_not_covered():
    notes = {treatment.code: treatment.notes for treatment in current().treatments}
    assert {code for code, said in notes.items() if said} == {"emface"}
    assert notes["emface"][0].startswith("Heat and metal are not covered by the rules of our check.")


def test_photographs_and_data_are_separate_choices():
    assert [choice.code for choice in current().choices] == ["photographs", "data"]


def test_sentences_are_short_and_polite_words_of_forms_are_missing():
    assert [sentence for sentence in every_sentence() if len(sentence.split()) > 20] == []
    text = " ".join(every_sentence()).lower()
    assert [word for word in ("please", "sorry", "invalid", "!", "100 %", "toxin", "risk-free") if word in text] == []


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (lambda text: text.pop("opening"), "text: "),
        (lambda text: text.update(more="x"), "text: "),
        (lambda text: text.update(digest="x"), "the file "),
        (lambda text: text.update(stop=[]), "text.stop: "),
        (lambda text: text.update(stop="x"), "text.stop: "),
        (lambda text: text.update(results=" x"), "text.results: "),
        (lambda text: text.update(results=1), "text.results: "),
        (lambda text: text["treatments"][1].update(feels=[""]), "text.treatments[1].feels[0]: "),
        (lambda text: text["treatments"][1].pop("current"), "text.treatments[1]: "),
        (lambda text: text["treatments"].append(text["treatments"][0]), "text.treatments: "),
        (lambda text: text["choices"].append(text["choices"][0]), "text.choices: "),
        (lambda text: text["choices"].insert(0, "x"), "text.choices[0]: "),
    ],
)
def test_fault_is_named_with_its_place_when_it_is_read(tmp_path, spoil, place):
    text = content()
    spoil(text)
    file = tmp_path / "text.json"
    file.write_text(json.dumps(text), encoding="utf-8")
    with pytest.raises(ConsentTextError) as fault:
        read(file)
    assert str(fault.value).startswith(place)


def test_drawing_is_drawn_again_from_whole_numbers():
    assert read_strokes(" ") == read_strokes("[]") == []
    strokes = read_strokes("[[[0,0],[600,200]],[[5,5]]]")
    assert path_of(strokes) == "M0 0L600 200M5 5L5 5"
    assert path_of([]) == ""


@pytest.mark.parametrize(
    "sent",
    [
        "nonsense", "null", "1", "{}", '"M0 0"', "[1]", "[[]]", "[[[]]]", "[[[1]]]", "[[[1,2,3]]]", '[[["1",2]]]',
        "[[[-1,2],[300,2]]]", "[[[1,201],[300,2]]]", "[[[1.0,2],[300,2]]]", "[[[1e2,2],[300,2]]]",
        "[[[NaN,2],[300,2]]]", "[[[true,false],[300,2]]]", "[[[1,2],[20,2]]]", "[" * 100_000,
        json.dumps([[[0, 0], [600, 0]]] * 201), json.dumps([[[0, 0], [600, 0]] * 2001]),
    ],
)  # fmt: skip
def test_what_is_no_drawing_is_refused(sent):
    with pytest.raises(StrokesError):
        read_strokes(sent)
