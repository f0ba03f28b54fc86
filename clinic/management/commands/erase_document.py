from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import transaction

from clinic.documents.models import Document
from clinic.documents.numbers import number_in_words
from clinic.documents.withdrawing import erase
from clinic.people.access import CLINICAL
from clinic.people.patients import OnHold


class Command(BaseCommand):
    """Erases what one document holds; its row stays in the ledger, with the reason beside it."""

    help = "Erases a document's bytes and values for a recorded reason. Nobody can bring them back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", metavar="SLUG", help="the clinic, by the name in its address")
        parser.add_argument("number", type=int, help="the number of the document, as on the paper")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="who of the clinic decided it")
        parser.add_argument("--why", required=True, metavar="WORDS", help="the reason, kept for good")

    @transaction.atomic
    def handle(self, *args: Any, clinic: str, number: int, by: str, why: str, **options: Any) -> None:
        document = Document.objects.filter(clinic__slug=clinic, number=number).first()
        if document is None:
            raise CommandError(f"{clinic} has no document {number_in_words(number)}.")
        at_work = document.clinic.memberships.filter(suspended=False, user__is_active=True, role__in=CLINICAL)
        told = at_work.filter(user__email=by.lower()).first()
        if told is None:
            raise CommandError("Nobody with this e-mail may decide that at this clinic.")
        if not why.strip():
            raise CommandError("Say why, in a few words.")
        try:
            erase(document, why, by=told.user)
        except OnHold as held:
            raise CommandError(str(held)) from held
        self.stdout.write(f"{clinic}: document {number_in_words(number)} is erased. Its row stays.")
