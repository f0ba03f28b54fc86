from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError

from clinic.documents.rendering import RenderingFailed, render
from clinic.documents.samples import samples


class Command(BaseCommand):
    """Writes one of each document, and the worst case of each, with invented people; needs no database."""

    help = "Writes one of each document, and the worst case of each, as PDF, with invented people."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", metavar="DIR", type=Path, help="a folder for them; made where it is not there")
        parser.add_argument("--only", metavar="KIND", help="one document, such as consent; left out: all of them")

    def handle(self, *args: Any, folder: Path, only: str | None, **options: Any) -> None:
        all_of_them = list(samples())
        wanted = [sample for sample in all_of_them if only in (None, sample.kind)]
        if not wanted:
            kinds = sorted({sample.kind for sample in all_of_them})
            raise CommandError(f"There is no document {only}. There are: {', '.join(kinds)}")
        _make_room(folder, {f"{sample.name}.pdf" for sample in all_of_them})
        for sample in wanted:
            try:
                pdf = render(sample.made(), sample.mark)
            except RenderingFailed as fault:
                raise CommandError(f"{sample.name} could not be drawn: {fault}") from fault
            (folder / f"{sample.name}.pdf").write_bytes(pdf)
            self.stdout.write(f"{folder / sample.name}.pdf, {len(pdf):,} bytes")


def _make_room(folder: Path, own: set[str]) -> None:
    """Make the folder; refuse one with files that are not samples: it is taken for something else."""
    if folder.is_file():
        raise CommandError(f"{folder} is a file. Name a folder.")
    folder.mkdir(parents=True, exist_ok=True)
    foreign = sorted({entry.name for entry in folder.iterdir()} - own)
    if foreign:
        raise CommandError(f"{folder} holds other files, such as {foreign[0]}. Name a new or empty folder.")
