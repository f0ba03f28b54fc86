"""Reads a page as a browser does: its form with every input, the words beside each, the links, and what is shown."""

from dataclasses import dataclass, field
from html.parser import HTMLParser

VOID = {"input", "meta", "link", "img", "br", "hr", "path", "use", "rect", "circle"}


@dataclass
class Input:
    """One input. `question`: the place of its question's fieldset on the page, from 0; `part`: the legend inside it."""

    name: str
    kind: str
    value: str
    checked: bool
    label: str = ""
    question: int | None = None
    part: str = ""


@dataclass
class Form:
    """A form as it was drawn. Buttons are inputs of the kind "submit"."""

    action: str
    inputs: list[Input] = field(default_factory=list)

    def named(self, name):
        return [entry for entry in self.inputs if entry.name == name]

    def hidden(self, name):
        return next((entry.value for entry in self.named(name) if entry.kind == "hidden"), "")

    def of_question(self, place):
        return [entry for entry in self.inputs if entry.question == place]

    def button(self, name, value=None):
        found = (entry for entry in self.named(name) if entry.kind == "submit" and value in (None, entry.value))
        return next(found, None)

    def sent(self, button=None):
        """What a browser posts, as lists by name, when a button (None: the first one) is pressed."""
        data = {}
        for entry in self.inputs:
            if entry.kind != "submit" and (entry.checked or entry.kind not in ("radio", "checkbox")):
                data.setdefault(entry.name, []).append(entry.value)
        if button is not None:
            data.setdefault(button.name, []).append(button.value)
        return data


class Page(HTMLParser):
    """One page. `forms`, `links` as (words, address), `verdict`: the classes of the outcome's banner, if any."""

    def __init__(self, html):
        super().__init__()
        self.forms, self.links, self.text, self.verdict, self.title = [], [], [], None, ""
        self._stack, self._labels, self._fieldsets, self._ids = [], {}, [], {}
        self._questions = -1
        self._textarea = None
        self.feed(html)
        self.words = " ".join("".join(self.text).split())
        for key, entry in self._ids.items():
            entry.label = " ".join("".join(self._labels.get(key, [])).split())

    @property
    def form(self):
        """The page's one form that posts."""
        assert len(self.forms) == 1, [form.action for form in self.forms]
        return self.forms[0]

    def link(self, words):
        return next(address for text, address in self.links if text.startswith(words))

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag not in VOID:
            self._stack.append((tag, given))
        opened = getattr(self, f"_open_{tag}", None)
        if opened:
            opened(given)

    def handle_startendtag(self, tag, attributes):
        pass

    def _open_form(self, given):
        self.forms.append(Form(given["action"]))

    def _open_section(self, given):
        classes = given.get("class", "").split()
        if "verdict" in classes:
            self.verdict = classes

    def _open_a(self, given):
        self.links.append(("", given.get("href", "")))

    def _open_fieldset(self, given):
        if "question" in given.get("class", "").split():
            self._questions += 1
        self._fieldsets.append("")

    def _open_input(self, given):
        if "name" in given and "disabled" not in given:
            self._add(given, given.get("type", "text"), given.get("value", "on"), "checked" in given)

    def _open_button(self, given):
        self._add(given, "submit", given.get("value", ""), False)

    def _open_textarea(self, given):
        self._textarea = self._add(given, "textarea", "", False)

    def _add(self, given, kind, value, checked):
        place = self._questions if self._fieldsets else None
        entry = Input(
            given.get("name", ""), kind, value, checked, "", place, self._fieldsets[-1] if place is not None else ""
        )
        if "id" in given:
            self._ids[given["id"]] = entry
        if self.forms:
            self.forms[-1].inputs.append(entry)
        return entry

    def handle_endtag(self, tag):
        while self._stack and self._stack.pop()[0] != tag:
            pass
        if tag == "fieldset":
            self._fieldsets.pop()
        elif tag == "textarea":
            # A browser drops the line end right after the tag.
            self._textarea.value = self._textarea.value.removeprefix("\n")
            self._textarea = None

    def handle_data(self, data):
        if self._textarea is not None:
            self._textarea.value += data
            return
        self.text.append(data)
        for tag, given in reversed(self._stack):
            if tag == "label":
                self._labels.setdefault(given.get("for"), []).append(data)
            elif tag == "a":
                words, address = self.links[-1]
                self.links[-1] = (f"{words}{data}".strip(), address)
            elif tag == "title" and len(self._stack) <= 3:
                self.title += data
            elif tag == "legend" and len(self._fieldsets) > 1:
                self._fieldsets[-1] += data.strip()
