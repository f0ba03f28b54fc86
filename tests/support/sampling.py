"""Keeps `make test` short: of many alike it runs every third, `make test-all` runs all."""

from collections.abc import Iterable

import pytest


def sample(names: Iterable[str]) -> list[object]:
    """Return the names as parameters; of each three, two are for the sweep."""
    return [pytest.param(name, marks=[pytest.mark.sweep] if place % 3 else []) for place, name in enumerate(names)]
