"""What the owner sets, one form for each part of the settings."""

import zoneinfo
from collections.abc import Callable
from typing import Any

from django import forms

from clinic.people.clinics import Clinic, Device
from clinic.people.forms import E_MAIL_ERRORS, helper
from clinic.people.logos import MEDIA_TYPE, logo_from
from clinic.people.widgets import Boxes
from screening.engine.rule_set import RuleSet


def time_zones() -> list[tuple[str, str]]:
    """Give every time zone that is named after a place, and UTC."""
    named = sorted(name for name in zoneinfo.available_timezones() if "/" in name and not name.startswith("Etc/"))
    return [(name, name.replace("_", " ")) for name in [*named, "UTC"]]


class DetailsForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who the clinic is and how people reach it."""

    time_zone = forms.ChoiceField(
        label="Time zone", choices=time_zones, help_text="All dates and times follow this clock."
    )

    class Meta:
        model = Clinic
        fields = ["name", "street", "phone", "email", "read_when", "time_zone"]
        labels = {
            "name": "Name",
            "street": "Street and town",
            "phone": "Phone",
            "email": "E-mail",
            "read_when": "When you read what people send",
        }
        help_texts = {
            "name": "As patients know it.",
            "phone": "Shown on every page for patients, so that they reach a human.",
        }
        error_messages = {"name": {"required": "Enter the clinic’s name."}, "email": E_MAIL_ERRORS}

    def __init__(self, *args: Any, rule_set: RuleSet | None, action: str, **kwargs: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **kwargs)
        self.helper = helper(action)


class LookForm(forms.ModelForm):  # type: ignore[type-arg]
    """The clinic's colour and logo."""

    logo_file = forms.FileField(
        label="Logo",
        required=False,
        help_text="A PNG, JPEG or WebP file of up to 200 kB. Leave it empty to keep what is there.",
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/webp"}),
    )
    without_logo = forms.BooleanField(label="Show no logo", required=False)

    class Meta:
        model = Clinic
        fields = ["accent"]
        labels = {"accent": "Colour"}
        help_texts = {"accent": "Each one was tested for contrast, in light and dark."}
        widgets = {"accent": forms.RadioSelect}

    def __init__(self, *args: Any, rule_set: RuleSet | None, action: str, **kwargs: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **kwargs)
        if not self.instance.logo_type:
            del self.fields["without_logo"]
        self.helper = helper(action)

    def clean_logo_file(self) -> bytes | None:
        """Give the logo as it will be kept; none when no file was sent."""
        sent: Any = self.cleaned_data["logo_file"]
        return logo_from(sent) if sent else None

    def save(self, commit: bool = True) -> Clinic:
        """Keep the colour, and the logo where one was sent or given up."""
        if logo := self.cleaned_data["logo_file"]:
            self.instance.logo, self.instance.logo_type = logo, MEDIA_TYPE
        elif self.cleaned_data.get("without_logo"):
            self.instance.logo, self.instance.logo_type = b"", ""
        clinic: Clinic = super().save(commit)
        return clinic


class PoliciesForm(forms.ModelForm):  # type: ignore[type-arg]
    """The rules of the house."""

    class Meta:
        model = Clinic
        fields = ["lowest_age", "link_days", "validity_months", "consent_months", "consent_version", "keep_years"]
        labels = {
            "lowest_age": "Lowest age, in years",
            "link_days": "Days that a link lives",
            "validity_months": "Months that a screening is good for",
            "consent_months": "Months that a consent is good for",
            "consent_version": "Version of your consent form",
            "keep_years": "Years that you keep what people send",
        }
        help_texts = {
            "lowest_age": "Younger people get no self-check, and read how to reach you.",
            "link_days": "A personal link to the self-check ends after so many days. 1 to 90.",
            "validity_months": "After that the questions are asked again. Six is the most.",
            "consent_months": "After that it is signed again. 1 to 60.",
            "consent_version": "As on your own paper form. A new version has all who signed that form sign again.",
            "keep_years": "People read this before they send. Ask how long the law has you keep health records.",
        }

    def __init__(self, *args: Any, rule_set: RuleSet | None, action: str, **kwargs: Any) -> None:  # noqa: ARG002
        super().__init__(*args, **kwargs)
        self.helper = helper(action)


class OfferForm(forms.ModelForm):  # type: ignore[type-arg]
    """The treatments that the clinic offers, and what its suit reaches."""

    treatments = forms.MultipleChoiceField(
        label="Treatments you offer",
        help_text="Patients see these and no others.",
        error_messages={"required": "Choose at least one treatment."},
        widget=Boxes,
    )
    suit_sites = forms.MultipleChoiceField(
        label="Places your suit reaches besides",
        help_text="Some suits drive more than the usual places. Each one chosen here brings its questions with it.",
        required=False,
        widget=Boxes,
    )

    class Meta:
        model = Clinic
        fields = ["treatments", "suit_sites"]

    def __init__(self, *args: Any, rule_set: RuleSet | None, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["treatments"].choices = treatments(rule_set)  # type: ignore[attr-defined]
        self.fields["suit_sites"].choices = suit_sites(rule_set)  # type: ignore[attr-defined]
        self.helper = helper(action)


def treatments(rule_set: RuleSet | None) -> list[tuple[str, str]]:
    """Take a rule set, give the code and name of each treatment it can screen for, in its order."""
    if rule_set is None:
        return []
    return [(one.code, one.name) for one in rule_set.treatments.values() if one.plan != "not-offered"]


def suit_sites(rule_set: RuleSet | None) -> list[tuple[str, str]]:
    """Take a rule set, give the code and name of each place that a suit might drive besides a fixed plan."""
    if rule_set is None:
        return []
    fixed = [treatment for treatment in rule_set.treatments.values() if treatment.plan == "fixed"]
    reached = {code for treatment in fixed for code in treatment.fixed_sites}
    regions = {region for treatment in fixed for region in treatment.regions}
    return [
        (site.code, site.name)
        for site in rule_set.sites.values()
        if site.plannable and site.region in regions and site.code not in reached
    ]


class DeviceForm(forms.ModelForm):  # type: ignore[type-arg]
    """One machine that the clinic treats with."""

    class Meta:
        model = Device
        fields = ["make", "model", "serial_number", "in_use"]
        labels = {"make": "Make", "model": "Model", "serial_number": "Serial number", "in_use": "In use"}
        help_texts = {"serial_number": "It can stay empty."}
        error_messages = {"make": {"required": "Enter who made it."}, "model": {"required": "Enter the model."}}

    def __init__(self, *args: Any, clinic: Clinic, action: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.clinic = clinic
        self.helper = helper(action)


SECTIONS: dict[str, tuple[str, Callable[..., Any]]] = {
    "details": ("Name and contact", DetailsForm),
    "look": ("Colour and logo", LookForm),
    "policies": ("Rules of the house", PoliciesForm),
    "offer": ("Treatments", OfferForm),
}
