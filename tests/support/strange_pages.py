"""Reads every form of a page, also those of the admin, and what each would send."""

from dataclasses import dataclass, field
from urllib.parse import urljoin

from tests.support.html_forms import Form, Page

OFF = ("submit", "button", "image", "reset", "file")


@dataclass
class AnyForm(Form):
    """A form of any page; `method`: how it is sent; `files`: the names of its files."""

    method: str = "get"
    files: list[str] = field(default_factory=list)


class AnyPage(Page):
    """A page of which nothing is expected. `forms` are told by the whole path they are sent to."""

    def __init__(self, html, path):
        self.path, self._select = path, None
        super().__init__(html)

    def _open_form(self, given):
        where = urljoin(self.path, given.get("action") or self.path).partition("?")[0]
        self.forms.append(AnyForm(where, method=(given.get("method") or "get").lower()))

    def _open_input(self, given):
        if given.get("type") == "file" and self.forms:
            self.forms[-1].files.append(given.get("name", ""))
        super()._open_input(given)

    def _open_select(self, given):
        self._select = self._add({"name": given.get("name") or ""} | given, "select", "", False)

    def _open_option(self, given):
        if self._select is not None and ("selected" in given or not self._select.value):
            self._select.value = given.get("value") or ""


def sent_by(form):
    """What a form sends as it was drawn, with the words of its first named button; lists by name."""
    data = {}
    for entry in form.inputs:
        if entry.name and entry.kind not in OFF and (entry.checked or entry.kind not in ("radio", "checkbox")):
            data.setdefault(entry.name, []).append(entry.value)
    return data


def choices_of(form):
    """The values that each group of radios, or of boxes, offers."""
    offered = {}
    for entry in form.inputs:
        if entry.name and entry.kind in ("radio", "checkbox", "submit"):
            offered.setdefault(entry.name, []).append(entry.value)
    return offered
