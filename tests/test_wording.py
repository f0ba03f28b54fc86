"""What patients read is plain and can be translated: short sentences, and no word that scolds, shouts or promises."""

import ast
import json
import re

import pytest

from tests.support.processes import ROOT

MOST_WORDS = 20
FORBIDDEN = re.compile(r"\b(please|sorry|invalid|safe|safely)\b|[!*]", re.IGNORECASE)
TEMPLATES = sorted(
    path
    for kind in ("self_check/**/*", "outcome/**/*", "screening/**/*", "handing_over/*", "documents/copy*")
    for path in (ROOT / "templates").glob(f"{kind}.html")
    if "practitioner" not in path.name
)
MODULES = sorted(
    path
    for place in (
        *("clinic/self_check/**/*.py", "screening/fields/*.py", "screening/presentation/*.py"),
        *("screening/forms.py", "screening/wording.py", "screening/body_map.py", "clinic/documents/copy*.py"),
    )
    for path in ROOT.glob(place)
    if "practitioner" not in path.name
)
RULES = json.loads((ROOT / "fixtures" / "rule-set-1.json").read_text())
ABOUT_RULES = ("title", "patient_wording", "patient_unresolved", "settle", "next_step", "ends")


def in_template(text):
    """Give the texts that a template has translated."""
    lines = re.findall(r'{%\s*translate\s+(?:"(.*?)"|\'(.*?)\')', text)
    blocks = re.findall(r"{%\s*blocktranslate\b[^%]*%}(.*?){%\s*endblocktranslate", text, re.DOTALL)
    parts = [part for block in blocks for part in re.split(r"{%\s*plural\s*%}", block)]
    return [" ".join(re.sub(r"<[^>]+>", "", part).split()) for part in [*("".join(line) for line in lines), *parts]]


def left_untranslated(text):
    """Give what a template shows beside what it has translated and what it is given."""
    text = re.sub(r"{#.*?#}|<svg\b.*?</svg>", " ", text, flags=re.DOTALL)
    text = re.sub(r"{% block audience %}.*?{% endblock audience %}", " ", text)
    text = re.sub(r"{%\s*blocktranslate\b.*?{%\s*endblocktranslate\s*%}", " ", text, flags=re.DOTALL)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    return re.findall(r"[A-Za-z]{2,}", re.sub(r"<[^>]*>", " ", text))


def in_module(text):
    """Give the texts that a module has translated."""
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    names = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext"}
    return [
        argument.value
        for call in calls
        if getattr(call.func, "id", getattr(call.func, "attr", "")) in names
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def faults(texts):
    """Give the sentences that are too long, and the texts with a word that has no place here."""
    sentences = [sentence for text in texts for sentence in re.split(r"(?<=[.?:])\s+|\n+", text)]
    return [one for one in sentences if len(one.split()) > MOST_WORDS] + [one for one in texts if FORBIDDEN.search(one)]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_a_template_speaks_plainly_and_can_be_translated(path):
    text = path.read_text()
    assert faults(in_template(text)) == []
    assert left_untranslated(text) == []


def test_what_the_code_says_is_plain():
    texts = [text for path in MODULES for text in in_module(path.read_text())]
    assert len(texts) > 80
    assert faults(texts) == []


@pytest.mark.hazard("H-02", "H-26")
def test_questions_are_plain():
    asked = [question for question in RULES["questions"] if question.get("asked_by", "patient") == "patient"]
    texts = [question.get(part) or "" for question in asked for part in ("wording", "help", "why")]
    texts += [choice["label"] for question in asked for choice in question.get("choices", ())]
    assert len(asked) > 50
    assert faults(texts) == []


@pytest.mark.hazard("H-26")
def test_what_rules_tell_patients_is_plain():
    assert faults([rule.get(part) or "" for rule in RULES["rules"] for part in ABOUT_RULES]) == []
    assert faults([row.get("description", "") for row in RULES["treatments"]]) == []


def test_faults_are_found():
    assert faults(["Say it in short words. Then say no more."]) == []
    assert faults([" ".join(["word"] * 21)])
    assert faults(["Please wait"])
    assert faults(["You are safe"])
    assert in_template(
        '{% translate "One" %}{% blocktranslate count n=n %}Two{% plural %}{{ n }} <b>x</b>{% endblocktranslate %}'
    ) == [
        *("One", "Two", "{{ n }} x"),
    ]
    assert left_untranslated('<p class="x">{% translate "One" %} left {{ over }}</p>') == ["left"]
    assert in_module('_("One"); ngettext("Two", "Three", n)') == ["One", "Two", "Three"]
