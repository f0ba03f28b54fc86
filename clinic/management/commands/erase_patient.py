from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from clinic.people.clinics import Clinic
from clinic.people.patients import OnHold, Patient
from clinic.privacy.erasing import erase_record
from clinic.privacy.retention import kept_until


class Command(BaseCommand):
    """Erases everything about one patient, for an owner's recorded reason."""

    help = "Erases a patient's whole record. The tombstone and the trail stay. Nobody can bring the record back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("clinic", metavar="SLUG", help="the clinic, by the name in its address")
        parser.add_argument("patient", type=int, help="the number of the patient, as in the address of their page")
        parser.add_argument("--by", required=True, metavar="E-MAIL", help="the owner who decided it")
        parser.add_argument("--why", required=True, metavar="WORDS", help="the reason, kept for good: name nobody")
        parser.add_argument("--within-time", action="store_true", help="although the clinic’s time is not over yet")

    def handle(self, *args: Any, clinic: str, patient: int, by: str, why: str, **options: Any) -> None:
        here = Clinic.objects.defer("logo").filter(slug=clinic).first()
        row = Patient.objects.filter(clinic=here, pk=patient).first() if here else None
        if here is None or row is None:
            raise CommandError(f"{clinic} has no patient {patient}.")
        owner = here.owners.filter(user__email=by.lower()).first()
        if owner is None:
            raise CommandError("Only an owner of this clinic may decide that.")
        until = kept_until(row, here)
        if until > here.now().date() and not options["within_time"]:
            raise CommandError(f"The clinic keeps this record until {until:%-d %B %Y}. Nothing was erased.")
        try:
            erase_record(row, why, by=owner.user)
        except (OnHold, ValueError) as refused:
            raise CommandError(str(refused)) from refused
        self.stdout.write(f"{clinic}: patient {patient} is erased. The tombstone stays.")
