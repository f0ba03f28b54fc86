"""What an owner reads for the rows that events and tombstones name by the words of the database."""

from collections.abc import Mapping

from django.apps import apps

OURS = {"sending": "self-check", "invitation": "link", "consent sheet": "consent to sign", "stop": "stopped session"}
# They go with what they belong to, and say nothing more to anybody.
BESIDE = ("patient key", "awaiting review", "photograph content", "document content", "settlement")
EARLIER = "historical "


def row_in_words(about: str) -> str:
    """Return what an event is about in words: `self-check no. 3` for `sending 3`; what is no row stays as it is."""
    name, _, key = about.rpartition(" ")
    known = {model._meta.model_name: str(model._meta.verbose_name) for model in apps.get_models()}
    return f"{OURS.get(known[name], known[name])} no. {key}" if name in known else about


def counted_in_words(counted: Mapping[str, int]) -> list[str]:
    """Return what a tombstone counts by kind, without what only goes with something else."""
    shown = {name: count for name, count in counted.items() if count and name not in BESIDE}
    return [f"{count} × {OURS.get(name, name)}" for name, count in shown.items() if not name.startswith(EARLIER)]
