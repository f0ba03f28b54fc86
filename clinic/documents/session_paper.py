"""The session record: the check of the day, what was done, and what went wrong, from what is stored."""

from collections.abc import Iterator
from dataclasses import dataclass

from clinic.consultations.deciding_case import NotReadable, Screened, screened
from clinic.consultations.models import AdverseEvent, Session, SessionRecord
from clinic.consultations.session_forms import WORDS
from clinic.consultations.session_shown import shown_record
from clinic.documents.findings import headed, printed_groups
from clinic.documents.maps import body_map_of
from clinic.documents.models import Document
from clinic.documents.moments import on_the_clock
from clinic.documents.paper import Letterhead, Paper
from clinic.documents.signature_lines import SignatureLine
from clinic.documents.summary import notes_of, patient_facts, signed_words
from clinic.documents.summary_notices import Notice, struck_out
from clinic.documents.summary_values import Fact, PrintedEvent, PrintedRecord, SessionPage
from clinic.screenings.stored import Stored, stored
from screening.presentation import for_practitioner
from screening.presentation.moments import moment_in_words

TITLE = "Session record"


def session_paper_of(row: Session) -> Paper:
    """Return the record of a session, ready to be issued. Raises NotReadable where its rules were altered.

    `row`: with everything joined that `summary_views` joins. Nothing is screened again.
    """
    check = row.check_screening
    case, kept = screened(check), stored(check, for_practitioner)
    if kept is None:
        raise NotReadable
    return Paper(
        kind=Document.Kind.SESSION,
        template="session.html",
        title=TITLE,
        letterhead=Letterhead.of(row.clinic),
        page=_Record(row, case, kept).page(),
        clinic=row.clinic,
        patient=row.patient,
        about={"session": row},
        rule_set=(kept.told.rule_set, kept.told.version, kept.told.digest),
        engine=kept.told.engine,
    )


@dataclass(frozen=True)
class _Record:
    row: Session
    case: Screened
    kept: Stored

    def page(self) -> SessionPage:
        row, records = self.row, list(self.row.records.all())
        return SessionPage(
            patient=tuple(self._who()),
            about=tuple(self._about()),
            notices=(*struck_out(row), *self._unwritten(records)),
            told=headed(self.kept.told),
            groups=printed_groups(self.case, self.kept.told, row.decision.settlements.all()),
            notes=notes_of(self.kept),
            map=body_map_of(self.case.rule_set, self._states()),
            records=tuple(self._record(one, counts=one is records[0]) for one in records),
            events=tuple(self._event(one) for one in row.adverse_events.all()),
            signatures=(SignatureLine(f"Practitioner: {row.by.name}"),),
        )

    def _about(self) -> Iterator[Fact]:
        row, decision, consent = self.row, self.row.decision, self.row.consent
        if row.channels_off:
            yield "Channels off", ", ".join(self.case.rule_set.sites[code].name for code in row.channels_off)
        yield "Device", str(row.device) if row.device else "Not recorded"
        made = signed_words(decision.by.name, decision.role, on_the_clock(decision.at, row.clinic))
        yield "Rests on", f"the decision of {made}"
        signed = f"signed by {consent.signed_by} on {moment_in_words(consent.signed_on)}"
        yield "Consent", f"{signed}, {consent.get_how_display()}, version {consent.text_version}"

    def _who(self) -> Iterator[Fact]:
        row, check = self.row, self.row.check_screening
        yield from patient_facts(row.patient)
        yield "Treatment", self.kept.told.treatment
        if number := self._number():
            yield "Session", number
        yield (
            "Started",
            f"{signed_words(row.by.name, row.role, on_the_clock(row.at, row.clinic))}, {row.clinic.time_zone}",
        )
        yield "Checked", on_the_clock(check.answered_at, row.clinic)

    def _number(self) -> str:
        """Return which of its course a session was; nothing where it was struck out."""
        if hasattr(self.row, "voided"):
            return ""
        done = Session.objects.filter(decision=self.row.decision_id, voided=None, pk__lte=self.row.pk).count()
        planned = self.row.decision.course.get("sessions")
        return f"{done} of {planned}" if planned else str(done)

    def _unwritten(self, records: list[SessionRecord]) -> Iterator[Notice]:
        if not records:
            yield Notice("No record is written", "What was done in this session is not recorded.")

    def _states(self) -> dict[str, str]:
        """Return the places: what the current reached, and what was left out."""
        return {
            **dict.fromkeys(self.case.planned, "barred"),
            **dict.fromkeys(self.row.sites, "planned"),
            **dict.fromkeys(self.row.channels_off, "barred"),
        }

    def _record(self, one: SessionRecord, *, counts: bool) -> PrintedRecord:
        shown = shown_record(one)
        return PrintedRecord(
            written=signed_words(one.by.name, one.role, on_the_clock(one.at, self.row.clinic)),
            counts=counts,
            facts=shown.facts,
            outside=shown.outside,
            words=tuple((label, text) for name, label in WORDS.items() if (text := getattr(one, name))),
        )

    def _event(self, one: AdverseEvent) -> PrintedEvent:
        clinic = self.row.clinic
        return PrintedEvent(
            heading=f"{one.get_severity_display()}, {on_the_clock(one.happened_at, clinic)}",
            facts=(
                ("What happened", one.what),
                ("What was done", one.done),
                ("A doctor was told", "Yes" if one.doctor_told else "No"),
                ("Written", signed_words(one.by.name, one.role, on_the_clock(one.at, clinic))),
            ),
        )
