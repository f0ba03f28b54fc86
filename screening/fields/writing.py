"""Questions that are answered by writing: a few words, a number, a blood pressure."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext, ngettext

from screening.engine.answers import BloodPressure
from screening.fields.answer import AnswerField, BoundAnswer, Problem

LONGEST_TEXT = 500


class BoundText(BoundAnswer):
    """A question answered in words."""

    longest = LONGEST_TEXT


class TextField(AnswerField):
    """A few words; a line's end counts as one character, whatever the browser sends."""

    bound_field_class = BoundText

    def posted(self, data: Any, name: str) -> str:
        return str(data.get(name, "")).replace("\r\n", "\n").replace("\0", "")

    def written(self, typed: str) -> str | None:
        over = len(typed) - LONGEST_TEXT
        if over > 0:
            raise Problem(_too_long(over), is_faulty=True)
        return typed.strip() or None

    def unanswered(self) -> str:
        return gettext("Write a few words.")


def _too_long(over: int) -> str:
    return ngettext(
        "Your text is %(over)s character too long. Make it a little shorter.",
        "Your text is %(over)s characters too long. Make it a little shorter.",
        over,
    ) % {"over": over}


def number(typed: str) -> float:
    """Return a typed number, with a point or a comma. Raises ValueError."""
    value = float(typed.strip().replace(",", "."))
    return int(value) if value.is_integer() else value


class NumberField(AnswerField):
    """One measured number."""

    def as_typed(self, answer: Any) -> str:
        return "" if answer is None else f"{answer:g}"

    def written(self, typed: str) -> float | None:
        if not typed.strip():
            return None
        try:
            return number(typed)
        except ValueError:
            raise Problem(self.refused(None), is_faulty=True) from None

    def refused(self, _written: Any) -> str:
        lowest, highest = self.question.ranges["value"]
        return gettext("Write a number from %(lowest)s to %(highest)s.") % {"lowest": lowest, "highest": highest}

    def unanswered(self) -> str:
        return self.refused(None)


@dataclass(frozen=True, slots=True)
class TypedPressure:
    """The two numbers of a blood pressure as they were typed."""

    systolic: str = ""
    diastolic: str = ""


class BloodPressureField(AnswerField):
    """A reading of two numbers."""

    def posted(self, data: Any, name: str) -> TypedPressure:
        return TypedPressure(*(data.get(f"{name}-{part}", "").strip() for part in ("systolic", "diastolic")))

    def as_typed(self, answer: Any) -> TypedPressure:
        if not isinstance(answer, BloodPressure):
            return TypedPressure()
        return TypedPressure(f"{answer.systolic:g}", f"{answer.diastolic:g}")

    def written(self, typed: TypedPressure) -> dict[str, float] | None:
        if not (typed.systolic or typed.diastolic):
            return None
        try:
            return {"systolic": number(typed.systolic), "diastolic": number(typed.diastolic)}
        except ValueError:
            raise Problem(self.refused(None), is_faulty=True) from None

    def refused(self, _written: Any) -> str:
        ranges = self.question.ranges
        return gettext(
            "Write both numbers: the upper from %(s_low)s to %(s_high)s, the lower from %(d_low)s to %(d_high)s. "
            "The lower one is the smaller."
        ) % {
            "s_low": ranges["systolic"][0],
            "s_high": ranges["systolic"][1],
            "d_low": ranges["diastolic"][0],
            "d_high": ranges["diastolic"][1],
        }

    def unanswered(self) -> str:
        return self.refused(None)
