"""A consent on its way, for the tests: a patient who was screened and decided on, and who signs."""

import json
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from clinic.consultations.signing_models import ConsentSheet
from tests.clinic.consultations.gated import World

DRAWING = [[[40, 130], [100, 60], [160, 140]], [[200, 100], [320, 90]]]


@dataclass
class Signed:
    """The patient of `World`, with a sheet that was opened for them. `staff`: who opened it; `person`: who signs."""

    world: Any = None
    signer: str = "patient"
    interpreter: str = "no"
    door: str = "tablet"

    def __post_init__(self):
        self.world = self.world or World(days_ago=1, now=timezone.now(), consent=None)
        self.staff, self.person = Client(), Client()
        self.open()

    def open(self):
        """Open a sheet by the page of it; on the tablet the same browser becomes the patient's."""
        self.sign_in()
        said = {"signer": self.signer, "interpreter": self.interpreter, "door": self.door}
        address = reverse("staff-consent-open", args=[self.world.decided.pk])
        self.opened = self.staff.post(address, said)
        self.sheet = ConsentSheet.objects.first()
        if self.door == "tablet":
            self.person.cookies, self.staff = self.staff.cookies, Client()
            self.sign_in()
        return self.opened

    def sign_in(self):
        self.staff.force_login(self.world.by)

    @property
    def page(self):
        """The address at which the patient's side signs."""
        way = f"{self.door}-{self.sheet.invitation.ref}"
        return reverse("consent-sign", args=[self.world.clinic.slug, way])

    @property
    def staff_page(self):
        return reverse("staff-consent-sheet", args=[self.sheet.pk])

    def signs(self, party="patient", **changed):
        """Post what a person of the patient's side signs with."""
        choices = {"choice-photographs": "yes", "choice-data": "no"} if party != "interpreter" else {}
        given = {"party": party, "name": "Nora Novak", "agreed": "on", "strokes": ""} | choices | changed
        return self.person.post(self.page, {name: value for name, value in given.items() if value is not None})

    def practitioner_signs(self, **changed):
        given = {"name": self.world.by.name, "agreed": "on", "strokes": json.dumps(DRAWING)} | changed
        return self.staff.post(self.staff_page, {name: value for name, value in given.items() if value is not None})
