"""The parts that the decision's forms are made of, and what a place and a record are called in them."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django import forms

from clinic.consultations.deciding_case import STATEMENT_FOR, Screened, closed_for, statements_for
from clinic.consultations.deciding_proposal import Refusal
from clinic.consultations.models import Referral, Statement
from clinic.consultations.settling import CLEARABLE, Demand, Reason, has_passed
from clinic.people.widgets import Radios
from screening.engine.outcome import Finding
from screening.presentation.moments import end_in_words, moment_in_words


class ClosableRadios(Radios):
    """One of several. `closed`: what cannot be chosen."""

    closed: Collection[str] = ()

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Give one choice."""
        option: dict[str, Any] = super().create_option(*args, **kwargs)
        if option["value"] in self.closed:
            option["attrs"]["disabled"] = True
        return option


class Places(forms.CheckboxSelectMultiple):
    """The boxes of the body map; `first` is the code of the first of them."""

    first = ""

    def id_for_label(self, id_: str, index: str | None = None) -> str:
        """Give the id of the first box."""
        return f"{id_}-{self.first}" if index is None else super().id_for_label(id_, index)


class RefusableForm(forms.Form):
    """A form whose service may refuse what is valid by itself."""

    use_required_attribute = False

    def refuse(self, refused: Iterable[Refusal]) -> None:
        """Show what the service refused, each at its field."""
        for one in refused:
            self.add_error(one.field if one.field in self.fields else None, one.words)


def a_day(label: str, help_text: str = "", **more: Any) -> forms.DateField:
    """Return a field for a day."""
    return forms.DateField(
        label=label,
        help_text=help_text,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"invalid": "Enter the day as day, month and year.", "required": "Enter the day."},
        **more,
    )


def until_today(day: date, today: date) -> date:
    """Return a day. Raises ValidationError where it is still to come."""
    if day > today:
        raise forms.ValidationError("This day is still to come. Check the date.")
    return day


def some_words(label: str, help_text: str = "", rows: int = 1, **more: Any) -> forms.CharField:
    """Return a field for a few sentences."""
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": rows, "autocomplete": "off"}),
        **more,
    )


def barred_places(case: Screened, today: Any) -> Mapping[str, str]:
    """Return the planned places that cannot be treated, each with the reason and its end in words."""
    barred: dict[str, str] = {}
    for finding in case.outcome.findings:
        if finding.grade != "site" or has_passed(finding, today):
            continue
        cleared = _cleared(case, finding, today)
        for site in finding.sites:
            if site in case.planned and site not in cleared:
                barred.setdefault(site, _why(case, finding))
    return barred


def ways_in_words(case: Screened, demand: Demand, today: Any) -> list[tuple[str, str]]:
    """Return the choices by which a finding may be settled now: each record that is there, and one's own reasons."""
    names = case.rule_set.sites
    records = [
        (f"{way}:{row.pk}", _record_words(row, names))
        for way in demand.ways
        for row in _records(case, demand, way, today)
    ]
    own = {
        Reason.ASSESSED: "Assessed by me: my reason is below",
        Reason.OTHER: "Another reason, written below",
    }
    return records + [(str(way), own[Reason(way)]) for way in demand.ways if way in own]


def _records(case: Screened, demand: Demand, way: str, today: Any) -> list[Any]:
    if way == Reason.ANSWERED:
        return list(closed_for(case, demand))
    return [row for row in statements_for(case, demand, today) if row.kind == STATEMENT_FOR.get(way)]


def _record_words(row: Statement | Referral, names: Mapping[str, Any]) -> str:
    if isinstance(row, Referral):
        return f"The answer of {row.to} closes it"
    places = f", for {', '.join(names[site].name for site in row.sites)}" if row.sites else ""
    until = f", until {moment_in_words(row.ends_on)}" if row.ends_on else ""
    return f"{row.get_kind_display()}: {row.said_by}, {moment_in_words(row.said_on)}{places}{until}"


def _cleared(case: Screened, finding: Finding, today: Any) -> frozenset[str]:
    """Return the places for which a doctor's clearance of this very finding is recorded."""
    if finding.rule not in CLEARABLE or finding.status != "met":
        return frozenset()
    demand = next((one for one in case.demands(case.planned, today) if one.finding == finding), None)
    rows = statements_for(case, demand, today) if demand else []
    return frozenset(site for row in rows for site in row.sites)


def _why(case: Screened, finding: Finding) -> str:
    rule = case.rule_set.rules[finding.rule]
    if finding.status == "unresolved":
        return f"{rule.title}: not known yet"
    if rule.for_good:
        return f"{rule.title}: for good"
    free = f"free {end_in_words(finding.until)}" if finding.until else rule.ends
    return f"{rule.title}: {free}"
