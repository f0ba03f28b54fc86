"""The forms around the questions: who and what, where, goals, sending, date of birth."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from clinic.self_check.journey import Journey
from clinic.self_check.ways import Way
from screening import body_map
from screening.engine.flow import plannable
from screening.engine.planning import barred_for_good, goals_for
from screening.forms import site_groups


def radios(label: Any, choices: Iterable[tuple[str, Any]], required: Any) -> forms.ChoiceField:
    """Return a field of which exactly one answer is chosen, none beforehand."""
    return forms.ChoiceField(
        label=label, choices=list(choices), widget=forms.RadioSelect, error_messages={"required": required}
    )


class StartForm(forms.Form):
    """For whom it is, whether that person is old enough, and which treatment.

    An invited person's age follows from the date of birth, so it is not asked; nor is whether it is still the same
    person. Of anybody else that is asked where answers are there already: they may be about the person before.
    """

    answered_for = radios(
        _("Who is this for?"), [("me", _("Me")), ("other", _("Somebody I help"))], _("Say who this is for.")
    )

    def __init__(self, data: Any, *, way: Way) -> None:
        check = way.journey.check
        super().__init__(data, initial={"answered_for": check.answered_for, "treatment": check.treatment})
        self.way = way
        if way.invitation is None:
            lowest = way.clinic.lowest_age
            self.fields["old_enough"] = radios(
                gettext("Is that person %(age)s or older?") % {"age": lowest},
                [("yes", _("Yes")), ("no", _("No"))],
                gettext("Say whether that person is %(age)s or older.") % {"age": lowest},
            )
            self.initial["old_enough"] = "yes" if check.answered_for else ""
            if check.tells_of_somebody:
                self.fields["same_person"] = radios(
                    _("Is this about the same person as before?"),
                    [("yes", _("Yes, keep the answers")), ("no", _("No, ask everything anew"))],
                    _("Say whether this is about the same person as before."),
                )
        self.fields["treatment"] = radios(
            _("Which treatment?"),
            [(treatment.code, treatment.name) for treatment in way.journey.treatments],
            _("Choose one treatment."),
        )

    def treatments(self) -> list[tuple[Any, Any, list[str]]]:
        """Return each choice with its treatment and the pictures to try, best first."""
        known = self.way.journey.rule_set.treatments
        return [
            (choice, treatment, [f"pictures/{treatment.code}.svg", "pictures/treatment.svg"])
            for choice in self["treatment"]
            if (treatment := known.get(str(choice.data["value"])))
        ]

    def is_same_person(self) -> bool:
        """Return whether what was said so far holds for this person."""
        return bool(self.cleaned_data.get("same_person", "yes") == "yes")

    def is_old_enough(self) -> bool:
        """Return whether the person has the clinic's lowest age."""
        invitation = self.way.invitation
        if invitation is None:
            return bool(self.cleaned_data["old_enough"] == "yes")
        return years_between(invitation.patient.born, self.way.journey.at.date()) >= self.way.clinic.lowest_age


def years_between(born: date, day: date) -> int:
    """Return somebody's age in whole years on a day."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


class WhereForm(forms.Form):
    """The places of a free plan: what the rules bar for good is shown, and cannot be chosen."""

    def __init__(self, data: Any, *, journey: Journey) -> None:
        super().__init__(data, initial={"sites": list(journey.check.sites)})
        self.journey = journey
        sites = journey.rule_set.sites
        self.fields["sites"] = forms.MultipleChoiceField(
            choices=[(code, sites[code].name) for code in self.codes if code not in self.barred],
            error_messages={
                "required": _("Choose at least one place."),
                "invalid_choice": _("One of those places cannot be chosen here. Choose from the list."),
            },
        )

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The places of the treatment."""
        assert self.journey.treatment is not None  # noqa: S101 - the page is reached only with one
        return tuple(plannable(self.journey.rule_set, self.journey.treatment))

    @cached_property
    def barred(self) -> Mapping[str, str]:
        """The places that no answer opens, with the reason in the rule's own words."""
        found = barred_for_good(self.journey.rule_set, self.journey.check.treatment, self.codes, self.journey.at)
        return {site: finding.patient_message for site, finding in found.items()}

    @property
    def chosen(self) -> list[str]:
        """The places chosen so far, as typed or as kept."""
        return list(self["sites"].value() or ())

    def views(self) -> Any:
        """Return the map of the places, as the page shows it."""
        return body_map.views(self.journey.rule_set, self.codes, barred=self.barred, name="sites")

    def groups(self) -> Any:
        """Return the places under their headings, as the list shows them."""
        return site_groups(self.journey.rule_set, self.codes, self.chosen, barred=self.barred)

    def first_place(self) -> str:
        """Return the id of the first box that can be ticked: an error leads there."""
        places = (place for _heading, group in self.groups() for place in group if not place.barred_reason)
        return f"id_sites-{next(places).code}"


class GoalsForm(forms.Form):
    """What the person hopes for; nothing chosen is an answer too."""

    def __init__(self, data: Any, *, journey: Journey) -> None:
        super().__init__(data, initial={"goals": list(journey.check.goals)})
        self.fields["goals"] = forms.MultipleChoiceField(
            label=_("What do you hope for?"),
            required=False,
            choices=[(goal.code, goal.name) for goal in goals_for(journey.rule_set, journey.outcome.planned_sites)],
            widget=forms.CheckboxSelectMultiple,
        )


class BirthField(forms.MultiValueField):
    """A date of birth as day, month and year in three boxes. Gives a date; names what is wrong with it."""

    def __init__(self, **options: Any) -> None:
        as_numbers = _("Write day, month and year as numbers, such as 7 3 1980.")
        whole = {"invalid": as_numbers, "required": as_numbers}
        fields = [forms.IntegerField(error_messages=whole) for _part in range(3)]
        super().__init__(fields, widget=BirthWidget(), error_messages=whole, **options)

    def compress(self, values: list[int]) -> date:
        """Return the date. Raises ValidationError where there is no such day."""
        day, month, year = values
        try:
            born = date(year, month, day)
        except (ValueError, OverflowError):
            raise forms.ValidationError(_("There is no such day. Check day, month and year.")) from None
        if born.year < EARLIEST_BIRTH:
            raise forms.ValidationError(_("Write the year with four numbers, such as 1980."))
        if born > date.today():  # noqa: DTZ011 - a day's difference between zones does not matter here
            raise forms.ValidationError(_("That day is still to come. Check day, month and year."))
        return born


EARLIEST_BIRTH = 1900


class BirthWidget(forms.MultiWidget):
    template_name = "self_check/birth_widget.html"

    def __init__(self) -> None:
        numeric = {"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}
        super().__init__({part: forms.TextInput(numeric) for part in ("day", "month", "year")})

    def decompress(self, value: date | None) -> list[int | None]:
        """Return day, month and year of a date."""
        return [value.day, value.month, value.year] if value else [None, None, None]


class BirthForm(forms.Form):
    """The date of birth that opens a personal link."""

    born = BirthField(label=_("Your date of birth"), help_text=_("For example 7 3 1980."))
    not_the_one = _("That is not the date that the clinic has. Check day, month and year.")


class SendForm(forms.Form):
    """Who sends a self-check, and the separate tick for keeping it. An invited person is known already."""

    name = forms.CharField(label=_("Full name"), max_length=200, error_messages={"required": _("Write the name.")})
    born = BirthField(label=_("Date of birth"), help_text=_("For example 7 3 1980."))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        error_messages={"invalid": _("Write an e-mail with an @, such as name@mail.example.")},
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    keeping = forms.BooleanField(error_messages={"required": _("Tick this if the clinic may keep your answers.")})

    def __init__(self, data: Any, *, way: Way) -> None:
        super().__init__(data)
        self.way = way
        for name, complete in {"name": "name", "email": "email", "phone": "tel"}.items():
            self.fields[name].widget.attrs |= {"autocomplete": complete, "class": "form-control"}
        self.fields["keeping"].label = keeping_words(way)
        if way.invitation is not None:
            for name in ("name", "born", "email", "phone"):
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Ask for one way to reach the person."""
        given = super().clean() or {}
        asks = "email" in self.fields and not self.errors.keys() & {"email", "phone"}
        if asks and not (given.get("email") or given.get("phone")):
            self.add_error("email", _("Write an e-mail or a phone number, so that the clinic can answer."))
        return given

    def sender(self) -> dict[str, Any]:
        """Return who sends it and the words that were ticked."""
        known = self.way.invitation.patient if self.way.invitation else None
        details = {name: getattr(known, name) if known else self.cleaned_data[name] for name in SENDER}
        return details | {"keeping_agreed": str(self.fields["keeping"].label)}


SENDER = ("name", "born", "email", "phone")


def keeping_words(way: Way) -> str:
    """Return what the person agrees to: what is kept, by whom and how long."""
    return gettext(
        "%(clinic)s may keep my name, my contact details and these answers about my health. "
        "It keeps them for %(years)s years. I can ask to see them, or take this back."
    ) % {"clinic": way.clinic.name, "years": way.clinic.keep_years}
