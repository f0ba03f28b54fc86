"""Papers that are drawn for real on the stationery alone: for tests of who issues what, and of what becomes of it."""

from copy import deepcopy

from django.conf import settings
from django.test import override_settings

from clinic.documents.models import Document

PAGES = {f"documents/{kind}.html": '{% extends "documents/base.html" %}' for kind in Document.Kind.values}


def small_papers():
    """Give a context in which each kind of paper says its title and nothing else; what is stored of it stays whole."""
    templates = deepcopy(settings.TEMPLATES)
    ours = ("django.template.loaders.locmem.Loader", PAGES)
    others = ["django.template.loaders.filesystem.Loader", "django.template.loaders.app_directories.Loader"]
    templates[0]["OPTIONS"]["loaders"] = [("django.template.loaders.cached.Loader", [ours, *others])]
    templates[0]["APP_DIRS"] = False
    return override_settings(TEMPLATES=templates)
