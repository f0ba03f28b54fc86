"""The consultation summary: a decision, the screening under it and what both rest on, from what is stored."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clinic.consultations.deciding_case import NotReadable, Screened, screened
from clinic.consultations.decision_page import Decided, decided_page
from clinic.consultations.decision_words import course_in_words
from clinic.consultations.models import Decision, Settlement
from clinic.consultations.screening_page import ENTERED_LATER
from clinic.consultations.settling import is_about, needs_countersign
from clinic.documents.findings import goals_of, headed, printed_groups
from clinic.documents.maps import BodyMap, body_map_of
from clinic.documents.models import Document
from clinic.documents.moments import on_the_clock
from clinic.documents.paper import Letterhead, Paper
from clinic.documents.settled import grounds, settled_words
from clinic.documents.signature_lines import SignatureLine
from clinic.documents.summary_notices import notices_of
from clinic.documents.summary_values import Changed, Countersigned, Fact, SummaryPage, Verdict
from clinic.people.clinics import Clinic
from clinic.people.patients import Patient
from clinic.screenings.models import Screening
from clinic.screenings.stored import Stored, stored
from screening.presentation import Told, for_practitioner, states_of
from screening.presentation.moments import moment_in_words

TITLE = "Consultation summary"


def summary_of(row: Decision) -> Paper:
    """Return the summary of a decision, ready to be issued. Raises NotReadable where its rules were altered.

    `row`: with everything joined that `summary_views` joins. Nothing is screened or decided again.
    """
    case, kept = screened(row.screening), stored(row.screening, for_practitioner)
    if kept is None:
        raise NotReadable
    return Paper(
        kind=Document.Kind.SUMMARY,
        template="summary.html",
        title=TITLE,
        letterhead=Letterhead.of(row.clinic),
        page=_Summary(row, case, kept).page(),
        clinic=row.clinic,
        patient=row.patient,
        about={"decision": row, "screening": row.screening},
        rule_set=(kept.told.rule_set, kept.told.version, kept.told.digest),
        engine=kept.told.engine,
    )


def patient_facts(patient: Patient) -> tuple[Fact, ...]:
    """Return who a paper is about."""
    return ("Patient", patient.name), ("Born", moment_in_words(patient.born))


def signed_words(name: str, role: str, when: str) -> str:
    """Return who wrote something, as what, and when."""
    return f"{name}{f' ({role})' if role else ''}, {when}"


def changed_answers(kept: Stored, clinic: Clinic) -> tuple[Changed, ...]:
    """Return what staff changed of the patient's own answers."""
    rows = [row for part in kept.parts for row in part.rows]
    return tuple(
        Changed(
            question=row.in_short,
            was="; ".join(row.change.was) or "No answer",
            now="; ".join(row.lines) or "Left open",
            by=f"{row.change.by}, {on_the_clock(row.change.at, clinic)}",
        )
        for row in rows
        if row.change is not None
    )


def notes_of(kept: Stored) -> tuple[Fact, ...]:
    """Return staff's words beside the answers, by question."""
    return tuple((row.in_short, row.note) for part in kept.parts for row in part.rows if row.note)


def screening_facts(screening: Screening) -> Iterator[Fact]:
    """Yield when and how the answers came in, and who of the staff stands behind them."""
    clinic = screening.clinic
    name = screening.by.name if screening.by else "Nobody of the staff"
    when = f"{on_the_clock(screening.answered_at, clinic)}, {clinic.time_zone}"
    yield "Screened", signed_words(name, screening.role, when)
    yield "Answers came", screening.get_door_display()
    if screening.recorded_at - screening.answered_at > ENTERED_LATER:
        yield "Entered", f"{on_the_clock(screening.recorded_at, clinic)}, later than it was answered"
    if screening.oldest_at and screening.answered_at - screening.oldest_at > ENTERED_LATER:
        yield "Oldest answer", on_the_clock(screening.oldest_at, clinic)


def place_facts(told: Told) -> Iterator[Fact]:
    """Yield what a screening said against planned places; nothing where it said nothing against any."""
    if told.barred or told.perhaps:
        labels = {"Screened for": told.planned, "Barred": told.barred, "Perhaps barred": told.perhaps}
        yield from ((label, ", ".join(names)) for label, names in labels.items() if names)


@dataclass(frozen=True)
class _Summary:
    row: Decision
    case: Screened
    kept: Stored

    def page(self) -> SummaryPage:
        row, told, settled = self.row, self.kept.told, self._settled
        shown = decided_page(self.case, row, waits=self._waits)
        return SummaryPage(
            patient=(*patient_facts(row.patient), ("Treatment", shown.treatment)),
            about=tuple(screening_facts(row.screening)),
            notices=notices_of(row, waits=self._waits),
            told=headed(told),
            places=tuple(place_facts(told)),
            groups=printed_groups(self.case, told, settled),
            goals=goals_of(told),
            changed=changed_answers(self.kept, row.clinic),
            notes=notes_of(self.kept),
            map=self._map(),
            seen=tuple(shown.seen),
            seen_by=self._seen_by(),
            plan=tuple(self._plan(shown)) if row.sites else (),
            verdict=self._verdict(shown),
            grounds=tuple(grounds(settled, self._title, self._named, row.at)),
            besides=tuple(self._besides()),
            countersign=self._countersign(),
            signatures=tuple(self._signatures()),
        )

    @property
    def _settled(self) -> list[Settlement]:
        return list(self.row.settlements.all())

    @property
    def _waits(self) -> bool:
        is_closed = hasattr(self.row, "countersign") or hasattr(self.row, "voided")
        return not is_closed and needs_countersign(self._settled)

    def _map(self) -> BodyMap:
        """Return the places: what is treated; of the others that they are left out, or what the screening said."""
        states, treated = states_of(self.case.outcome), self.row.sites
        if treated:
            others = {site: "barred" if state == "planned" else state for site, state in states.items()}
            states = others | dict.fromkeys(treated, "planned")
        return body_map_of(self.case.rule_set, states)

    def _plan(self, shown: Decided) -> Iterator[Fact]:
        """Yield the plan but for its places, which the body map names."""
        row, course = self.row, self.row.course
        if shown.left_out:
            yield "Channels off" if row.channels_off else "Left out", shown.left_out
        yield "Device", str(row.device) if row.device else "Not recorded"
        then = f"then {course['then']}" if course.get("then") else ""
        yield "Course", ", ".join(filter(None, (course_in_words(course), then))) or "Not recorded"
        if course.get("reason"):
            yield "Outside the source’s number", course["reason"]
        if shown.goals:
            yield "Goals", shown.goals
        through = "What to expect, and that no result is promised"
        yield "Talked through", through if row.expectations else "Not recorded"
        yield "Counts until", moment_in_words(row.ends_on) if row.ends_on else "No day is recorded"

    def _verdict(self, shown: Decided) -> Verdict:
        row = self.row
        until = f" until {moment_in_words(row.until)}" if row.until else ""
        by = signed_words(row.by.name, row.role, on_the_clock(row.at, row.clinic))
        return Verdict(shown.tone, f"{row.get_kind_display()}{until}", row.words, by)

    def _seen_by(self) -> str:
        seen = self.row.assessment
        return f"{seen.by.name}, {seen.qualification}, {on_the_clock(seen.at, self.row.clinic)}" if seen else ""

    def _besides(self) -> Iterator[Fact]:
        """Yield what was settled that is no finding of the screening any more, so that nothing of it is left out."""
        found = [(finding, self.case.deciding(finding)) for finding in self.case.outcome.findings]
        for one in self._settled:
            if not any(is_about(one, finding, deciding) for finding, deciding in found):
                yield self._title(one), settled_words(one)

    def _countersign(self) -> Countersigned | None:
        word = getattr(self.row, "countersign", None)
        if word is None:
            return None
        return Countersigned(word.words, signed_words(word.by.name, word.role, on_the_clock(word.at, self.row.clinic)))

    def _signatures(self) -> Iterator[SignatureLine]:
        yield SignatureLine(f"Practitioner: {self.row.by.name}")
        if word := getattr(self.row, "countersign", None):
            yield SignatureLine(f"Countersigned by: {word.by.name}")
        elif self._waits:
            yield SignatureLine("Countersigned by")
        yield SignatureLine(f"Patient: {self.row.patient.name}")

    def _title(self, one: Settlement) -> str:
        return self.case.rule_set.rules[one.rule].title

    def _named(self, codes: Iterable[str]) -> str:
        sites = self.case.rule_set.sites
        return ", ".join(sites[code].name for code in codes)
