"""What an intake is opened for, as a posted form names it: rows of this clinic only."""

from typing import Any

from django import forms
from django.http import Http404

from clinic.consultations.comparing import prefill
from clinic.consultations.intake import IntakeError
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.matching import patient_of
from clinic.screenings.models import Door, Sending
from screening.rulesets import published


class OpeningForm(forms.Form):
    """Patient and treatment, and perhaps the self-check to review, whose treatment it is then."""

    treatment = forms.CharField(max_length=60, required=False)

    def __init__(self, data: Any, *, clinic: Clinic) -> None:
        super().__init__(data)
        self.clinic = clinic
        sendings = Sending.objects.filter(clinic=clinic).select_related("screening__patient")
        self.fields["patient"] = forms.ModelChoiceField(Patient.objects.filter(clinic=clinic))
        self.fields["sending"] = forms.ModelChoiceField(sendings, required=False)

    def patient(self) -> Patient:
        """Return the patient. Raises Http404 where patient or self-check is not there, or is another's."""
        if self.errors.keys() & {"patient", "sending"}:
            raise Http404
        patient: Patient = self.cleaned_data["patient"]
        sending = self.cleaned_data["sending"]
        if sending and patient_of(sending) != patient:
            raise Http404
        patient.clinic = self.clinic
        return patient

    def begun(self) -> dict[str, Any]:
        """Return what the intake is opened with: a review begins with the patient's own answers.

        Raises IntakeError where the clinic does not offer the treatment.
        """
        treatment, sending = self.cleaned_data["treatment"], self.cleaned_data["sending"]
        if sending is not None:
            own = prefill(sending, published())._asdict()
            return {"treatment": sending.screening.treatment, "door": Door.REVIEW, "sending": sending, **own}
        if treatment not in self.clinic.treatments:
            raise IntakeError("Choose a treatment that the clinic offers.")
        return {"treatment": treatment, "door": Door.INTAKE}
