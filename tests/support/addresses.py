"""Every address of the project."""

import re

from django.urls import get_resolver

PARTS = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>")


def routes(entries=None, before="", space=""):
    """Give the route of every address, its name (the route itself where it has none) and the names of its parts."""
    for entry in get_resolver().url_patterns if entries is None else entries:
        route = before + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            yield from routes(entry.url_patterns, route, f"{entry.namespace}:" if entry.namespace else space)
        else:
            name = space + entry.name if entry.name else route
            yield route, name, tuple(one or other for one, other in PARTS.findall(route))
