"""What an intake is opened for, as a posted form names it: rows of this clinic only."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from clinic.consultations.comparing import prefill
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.matching import patient_of
from clinic.screenings.models import Door, Screening, Sending
from screening.engine.moving import moved
from screening.rulesets import pinned_set, published


class OpeningForm(forms.Form):
    """Patient and treatment; besides them the self-check to review, the screening to correct, or a form on paper.

    A row that is not this clinic's, or not this patient's, answers as one that does not exist.
    """

    treatment = forms.CharField(max_length=60)
    why = forms.CharField(required=False, max_length=2000)
    answered_at = forms.DateTimeField(required=False, input_formats=["%Y-%m-%dT%H:%M"])

    def __init__(self, data: Any, *, clinic: Clinic) -> None:
        super().__init__(data)
        self.clinic = clinic
        rows = {
            "patient": (Patient.objects.filter(clinic=clinic), True),
            "sending": (Sending.objects.filter(clinic=clinic).select_related("screening__patient"), False),
            "corrects": (Screening.objects.filter(clinic=clinic, stage="consultation"), False),
        }
        for name, (found, required) in rows.items():
            self.fields[name] = forms.ModelChoiceField(found, required=required)

    def clean_answered_at(self) -> Any:
        """Read it on the clinic's clock; a form on paper was filled in before now."""
        given = self.cleaned_data["answered_at"]
        if given is None:
            return None
        here = given.replace(tzinfo=self.clinic.zone)
        if here > self.clinic.now():
            raise forms.ValidationError("That time is still to come. Check day and time.")
        return here

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a correction, and a treatment that this clinic offers."""
        given = super().clean() or {}
        if given.get("corrects") and not given.get("why", "").strip():
            self.add_error("why", "Say why the screening is corrected.")
        already = (given.get("sending") or given.get("corrects")) is not None
        if not already and "treatment" in given and given["treatment"] not in self.clinic.treatments:
            self.add_error("treatment", "Choose a treatment that the clinic offers.")
        return given

    def refused(self, request: HttpRequest) -> HttpResponse:
        """Answer what cannot be opened: a row that is not there, or what to put right."""
        if self.errors.keys() & {"patient", "sending", "corrects"}:
            raise Http404
        for lines in self.errors.values():
            messages.warning(request, lines[0])
        return redirect("staff-patient", self.cleaned_data["patient"].pk)

    def begun(self) -> dict[str, Any]:
        """Return what the intake is opened with. Raises Http404 where self-check or screening are another's."""
        given = self.cleaned_data
        patient, sending, corrects = given["patient"], given["sending"], given["corrects"]
        owners = [patient_of(sending)] if sending else []
        owners += [corrects.patient] if corrects else []
        if any(owner != patient for owner in owners):
            raise Http404
        source = sending.screening if sending else corrects
        return {
            "patient": patient,
            "treatment": source.treatment if source else given["treatment"],
            "door": self._door(),
            "sending": sending,
            "corrects": corrects,
            "why": given["why"],
            "answered_at": given["answered_at"],
            **_beginning(sending, corrects),
        }

    def _door(self) -> str:
        if self.cleaned_data["answered_at"]:
            return Door.PAPER
        return Door.REVIEW if self.cleaned_data["sending"] else Door.INTAKE


def _beginning(sending: Sending | None, corrects: Screening | None) -> dict[str, Any]:
    """Return what a new draft begins with: the patient's own answers, those to be corrected, or nothing."""
    if sending is not None:
        return prefill(sending, published())._asdict()
    if corrects is None:
        return {}
    plan, named = corrects.plan, corrects.outcome["rule_set"]
    old = pinned_set((named["code"], named["version"], named["digest"]))
    answers, sites, goals, _ = moved(old, published(), corrects.answers, plan.get("sites", ()), plan.get("goals", ()))
    return {"answers": answers, "sites": sites, "goals": goals}
