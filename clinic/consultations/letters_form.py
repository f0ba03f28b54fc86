"""A form with a doctor's letter, which stays with the form whatever else has to be put right."""

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest

from clinic.consultations.decision_fields import RefusableForm
from clinic.consultations.letters import keep_letter, read_letter
from clinic.consultations.models import Letter
from clinic.people.clinics import Membership
from clinic.people.patients import Patient


class LetterForm(RefusableForm):
    """`file`: the letter as it is sent; `letter`: the number of one that an earlier try has left here already."""

    file = forms.FileField(
        label="The letter",
        required=False,
        help_text="A PDF, PNG or JPEG file of up to 5 MB.",
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/png,image/jpeg"}),
    )
    letter = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, patient: Patient, membership: Membership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.patient, self.membership = patient, membership
        self.kept: Letter | None = None

    def clean_file(self) -> tuple[bytes, str] | None:
        """Give the letter as it will be kept; none when no file was sent."""
        sent: Any = self.cleaned_data["file"]
        return read_letter(sent) if sent else None

    def keep_file(self, request: HttpRequest) -> Letter | None:
        """Store the letter that was sent, once, and return it; else the one that an earlier try left here."""
        if self.kept is None and (read := self.cleaned_data.get("file")):
            with transaction.atomic():
                self.kept = keep_letter(read, patient=self.patient, membership=self.membership, request=request)
        elif self.kept is None and (number := self.cleaned_data.get("letter")):
            self.kept = self.patient.letters.filter(clinic=self.membership.clinic, pk=number).first()
        return self.kept

    def stay(self, request: HttpRequest) -> None:
        """Keep the letter for the next try: a browser sends a file once and forgets it."""
        if letter := self.keep_file(request):
            data: Any = self.data.copy()  # type: ignore[attr-defined]
            data["letter"] = str(letter.pk)
            self.data = data
            self["file"].help_text = "Your letter is kept. Choose another file only to send another one."
