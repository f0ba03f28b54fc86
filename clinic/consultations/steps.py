"""The next step with a person, as the one button of a row."""

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True, slots=True)
class Step:
    """A button. `name`, `args`: the page it leads to; `fields`: what it posts, which makes it a post."""

    label: str
    name: str
    args: tuple[int | str, ...]
    fields: tuple[tuple[str, str], ...] = ()

    @property
    def method(self) -> str:
        """How the browser goes there: get or post."""
        return "post" if self.fields else "get"

    @property
    def address(self) -> str:
        """Where it leads."""
        return reverse(self.name, args=self.args)


def intake(patient_id: int, treatment: str, label: str) -> Step:
    """Open the intake of a patient for a treatment."""
    return Step(label, "staff-intake-open", (), (("patient", str(patient_id)), ("treatment", treatment)))
