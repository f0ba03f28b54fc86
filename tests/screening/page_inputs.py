"""What a browser would post from a page: read from the page itself, so that a page that draws nothing posts nothing."""

from datetime import UTC, datetime
from html.parser import HTMLParser
from urllib.parse import urlencode

from django.http import QueryDict
from django.template.loader import render_to_string

from screening.forms import QuestionsForm
from tests.screening.rule_set_one import rule_set

AT = datetime(2026, 11, 21, 10, tzinfo=UTC)


class Inputs(HTMLParser):
    """The inputs, ids, references and buttons of a page."""

    def __init__(self, page):
        super().__init__()
        self.posted, self.buttons, self.links, self.focusable = [], [], [], []
        self.ids, self.referred, self.chosen, self.area = [], [], [], None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        has = dict(attributes)
        self.ids += [has["id"]] if "id" in has else []
        self.referred += [has["for"]] if "for" in has else []
        for reference in ("aria-describedby", "aria-labelledby"):
            self.referred += has.get(reference, "").split()
        if tag == "a":
            self.links.append(has["href"])
        if tag == "button" and "name" in has:
            self.buttons.append((has["name"], has["value"]))
        if tag in {"input", "textarea"} and has.get("type") != "hidden":
            self.focusable.append(has["id"])
        if tag == "textarea":
            self.area = has["name"]
        if tag == "input":
            self._keep(has)

    def _keep(self, has):
        is_box = has.get("type") in {"radio", "checkbox"}
        if is_box and "checked" in has:
            self.chosen.append((has["name"], has["value"]))
        if not is_box or "checked" in has:
            self.posted.append((has["name"], has["value"]))

    def handle_data(self, data):
        if self.area:
            # A browser drops the line end that follows the tag, and sends the others as two characters.
            self.posted.append((self.area, data.removeprefix("\n").replace("\n", "\r\n")))

    def handle_endtag(self, tag):
        if tag == "textarea":
            if self.area not in dict(self.posted):
                self.posted.append((self.area, ""))
            self.area = None


def form(codes, data=None, *, answers=None, at=AT, entry=None, rules=None):
    """The form of a page with these questions; `data`: what was posted, by name."""
    rules = rules or rule_set()
    posted = None if data is None else QueryDict(urlencode(data, doseq=True))
    questions = [rules.questions[code] for code in codes.split()]
    return QuestionsForm(posted, rule_set=rules, questions=questions, answers=answers or {}, at=at, entry=entry)


def drawn(asked):
    """The page of a form: summary and questions."""
    context = {"form": asked, "single": len(asked.questions) == 1}
    return render_to_string("screening/error_summary.html", context) + render_to_string(
        "screening/questions.html", context
    )


def inputs(asked):
    return Inputs(drawn(asked))


def sent(asked, **changed):
    """What a browser posts from the page of a form, with some inputs changed ("_" stands for "-"; None: left out)."""
    posted = {}
    for name, value in inputs(asked).posted:
        posted.setdefault(name, []).append(value)
    for name, value in changed.items():
        posted.pop(name.replace("_", "-"), None)
        if value is not None:
            posted[name.replace("_", "-")] = value
    return posted
