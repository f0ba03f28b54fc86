"""What was done in a session, and what went wrong, as staff write it down."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from crispy_forms.layout import HTML, Div, Layout
from django import forms
from django.utils.text import capfirst

from clinic.consultations.models import AdverseEvent, Session
from clinic.consultations.session_names import place_names
from clinic.consultations.session_ranges import ABDOMEN, MICROCURRENT, MYOSTIMULATION, SUIT, known, outside
from clinic.people.forms import helper
from clinic.people.widgets import Radios

# What is written here is printed, and nobody waits for a paper of a thousand pages.
LONGEST_WORDS = 4000
CURRENT, WHY = "current.", "why."
YES_OR_NO = [("yes", "Yes"), ("no", "No")]
# By code: the question. All are answered with yes or no; none is answered beforehand.
DONE: Mapping[str, str] = {
    "skin-prepared": "Skin cleaned first, and whole afterwards",
    "gel-applied": "Conductive gel put on",
    "on-the-back": "Lying on the back",
    "low-start": "First minutes at the lowest current, then in steps",
    "pain": "Any pain",
    "lowered": "If anything hurt: intensity lowered at once",
    "stretch": "Stretched afterwards without the suit",
    "aftercare-done": "Gel off, skin cleaned, product put on",
}
# By code: the label and the unit.
NUMBERS: Mapping[str, tuple[str, str]] = {
    "pulse-width": ("Pulse width", "ms"),
    "frequency": ("Frequency", "Hz"),
    "warm-up": ("Warm-up without the suit", "minutes"),
    "minutes": ("Current on", "minutes"),
    "electrodes": ("Electrodes", ""),
}
WORDS: Mapping[str, str] = {
    "felt": "How it felt",
    "reaction": "Reaction of skin and muscle",
    "aftercare": "Aftercare, and what was advised",
    "words": "Notes",
}
FIELD_OF = {"current-max": CURRENT + ABDOMEN, "duration": "minutes", "position": "on-the-back"}


class RecordForm(forms.Form):
    """The record of one session. `last`: the settings of last time, shown beside the fields.

    A setting outside what the sources say wants a reason; the field for it stands there once it is needed.
    """

    use_required_attribute = False

    def __init__(self, data: Any, *, session: Session, last: Mapping[str, Any], action: str) -> None:
        super().__init__(data)
        self.session, self.last = session, last
        self.ranges = known(session.treatment, session.sites)
        self._add_settings()
        for name, label in WORDS.items():
            self.fields[name] = forms.CharField(label=label, required=False, max_length=LONGEST_WORDS, widget=_lines())
        self._add_reasons()
        self.helper = helper(action, "Save the record")
        self.helper.layout = self._layout()

    def _add_settings(self) -> None:
        programme = forms.CharField(label="Programme", required=False, max_length=200)
        programme.help_text = self._beside("programme", self.last.get("programme"))
        self.fields["programme"] = programme
        currents = self.last.get("currents", {})
        for code, name in zip(self.session.sites, place_names(self.session.sites), strict=True):
            limit = self.ranges.get("current-max", "") if code == ABDOMEN else ""
            self.fields[CURRENT + code] = _number(f"{capfirst(name)}, mA", _joined(limit, _last(currents.get(code))))
        for code in self._numbers():
            self.fields[code] = _number(", ".join(filter(None, NUMBERS[code])), self._beside(code, self.last.get(code)))
        for code in self._done():
            self.fields[code] = forms.ChoiceField(
                label=DONE[code], choices=YES_OR_NO, widget=Radios, required=code == "pain"
            )
        self.fields["pain"].error_messages["required"] = "Say whether anything hurt."

    def _numbers(self) -> Iterator[str]:
        treatment = self.session.treatment
        only = {"warm-up": treatment in SUIT, "electrodes": self._is_abdomen}
        return (code for code in NUMBERS if only.get(code, True))

    def _done(self) -> Iterator[str]:
        treatment = self.session.treatment
        only = {
            "gel-applied": treatment in MICROCURRENT,
            "on-the-back": self._is_abdomen,
            "stretch": treatment in SUIT,
        }
        return (code for code in DONE if only.get(code, True))

    @property
    def _is_abdomen(self) -> bool:
        return self.session.treatment in MYOSTIMULATION and ABDOMEN in self.session.sites

    def _beside(self, code: str, last: Any) -> str:
        words = {FIELD_OF.get(known_code, known_code): said for known_code, said in self.ranges.items()}
        return _joined(words.get(code, ""), _last(last))

    def _add_reasons(self) -> None:
        """Add a field for the reason of each setting that lies outside, once the settings can be read."""
        if not self.is_bound:
            return
        for one in outside(self.session.treatment, self.session.sites, self.settings()):
            self.fields[WHY + one.code] = forms.CharField(
                label=f"Why outside: {one.words}",
                max_length=1000,
                widget=_lines(),
                error_messages={"required": f"{one.words} Write your reason, or correct the entry."},
            )
        # Read a second time, with the fields for the reasons.
        self._errors = None

    def settings(self) -> dict[str, Any]:
        """Return what was recorded, by code: numbers, yes or no, and the current of each place in mA."""
        self.is_valid()
        given = self.cleaned_data
        currents = {code: given.get(CURRENT + code) for code in self.session.sites}
        found: dict[str, Any] = {"currents": {code: value for code, value in currents.items() if value is not None}}
        if given.get("programme"):
            found["programme"] = given["programme"]
        found |= {code: given[code] for code in self._numbers() if given.get(code) is not None}
        return found | {code: given[code] == "yes" for code in self._done() if given.get(code)}

    def reasons(self) -> dict[str, str]:
        """Return the reason for each setting that lies outside, by code."""
        given = self.cleaned_data
        return {name.removeprefix(WHY): text for name, text in given.items() if name.startswith(WHY)}

    def _layout(self) -> Layout:
        names = list(self.fields)
        currents = [name for name in names if name.startswith(CURRENT)]
        reasons = [name for name in names if name.startswith(WHY)]
        return Layout(
            *([HTML('<h3 class="record-part">Outside the usual</h3>'), *reasons] if reasons else []),
            HTML('<h3 class="record-part">Settings</h3>'),
            "programme",
            HTML('<p class="record-hint" id="currents">Intensity at each place, as it was at most.</p>'),
            Div(*currents, css_class="record-grid"),
            Div(*self._numbers(), css_class="record-grid"),
            HTML('<h3 class="record-part">Done</h3>'),
            Div(*self._done(), css_class="record-done"),
            HTML('<h3 class="record-part">Afterwards</h3>'),
            *WORDS,
        )


class AdverseEventForm(forms.ModelForm):  # type: ignore[type-arg]
    """Something that went wrong in or after a session."""

    use_required_attribute = False
    doctor = forms.ChoiceField(
        label="Was a doctor told?",
        choices=YES_OR_NO,
        widget=Radios,
        error_messages={"required": "Say whether a doctor was told."},
    )

    what = forms.CharField(
        label="What happened",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": "Write what happened."},
    )
    done = forms.CharField(
        label="What was done",
        max_length=LONGEST_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write what was done. If nothing was, write that."},
    )

    class Meta:
        model = AdverseEvent
        fields = ["happened_at", "severity", "what", "done"]
        labels = {"happened_at": "When it happened", "severity": "How severe"}
        widgets = {
            "happened_at": forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
            "severity": Radios,
        }
        error_messages = {
            "happened_at": {"required": "Enter when it happened.", "invalid": "Enter day and time."},
            "severity": {"required": "Choose how severe it was."},
        }

    def __init__(self, data: Any, *, session: Session, action: str) -> None:
        self.now = session.clinic.now()
        super().__init__(data, initial={"happened_at": self.now.replace(tzinfo=None)})
        self.session = session
        self.fields["severity"].choices = AdverseEvent.Severity.choices  # type: ignore[attr-defined]
        self.helper = helper(action, "Record it and tell the supervisors")

    def save(self, commit: bool = True) -> AdverseEvent:
        """Give the event, not stored yet: `session_records.report` does that."""
        self.instance.doctor_told = self.cleaned_data["doctor"] == "yes"
        event: AdverseEvent = super().save(commit)
        return event

    def clean_happened_at(self) -> datetime:
        """Give the moment on the clinic's clock; refused before the session and when it is still to come."""
        typed: datetime = self.cleaned_data["happened_at"]
        moment = typed.replace(tzinfo=self.session.clinic.zone)
        if moment > self.now:
            raise forms.ValidationError("This time is still to come. Check day and time.")
        if moment < self.session.at.replace(second=0, microsecond=0):
            raise forms.ValidationError("This is before the session began. Check day and time.")
        return moment


def _number(label: str, help_text: str) -> forms.FloatField:
    return forms.FloatField(
        label=label,
        required=False,
        min_value=0,
        max_value=100_000,
        help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        error_messages={
            "invalid": "Write a number, such as 12 or 2.5.",
            "min_value": "Write a number from 0 up.",
            "max_value": "This number is too large. Check it.",
        },
    )


def _lines() -> forms.Textarea:
    return forms.Textarea(attrs={"rows": 2})


def _last(value: Any) -> str:
    if value in (None, ""):
        return ""
    return f"Last time: {value:g}" if isinstance(value, float) else f"Last time: {value}"


def _joined(*words: str) -> str:
    return " ".join(filter(None, words))
