"""Papers that are drawn for real on the stationery alone: for tests of who issues what, and of what becomes of it."""

from django.template import engines

from clinic.documents import form_views
from clinic.documents.models import Document
from clinic.documents.rendering import render

KINDS = [*Document.Kind.values, "blank_form"]


def small_papers(monkeypatch):
    """Let each kind of paper say its title and nothing else; what is stored of it stays whole."""
    engine = engines["django"].engine
    read = engine.template_loaders[0].get_template_cache
    for kind in KINDS:
        page = engine.from_string('{% extends "documents/base.html" %}')
        monkeypatch.setitem(read, f"documents/{kind}.html", page)
    # Else a small form would be remembered, and given to a later test.
    monkeypatch.setattr(form_views, "_drawn", render)
