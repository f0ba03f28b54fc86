"""How long each kind is kept, what goes when its time is over, and what the daily run does besides."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import QuerySet
from django.utils import timezone

from clinic import models
from clinic.privacy import daily, retention, retention_run
from clinic.privacy.holds import lift_hold, set_hold
from clinic.privacy.models import RetentionReport
from tests.clinic.documents.test_pack import everything
from tests.clinic.screenings.invented import a_link, a_member, a_patient, a_sending
from tests.support.record import a_screening

pytestmark = pytest.mark.django_db
YEARS = timedelta(days=366)


def is_said(now, **options):
    out = StringIO()
    for line, _ in daily.run_daily(now, **options):
        out.write(f"{line}\n")
    return out.getvalue()


def the_trail_goes_on(clinic, at):
    models.Event(clinic=clinic, action="signed in", at=at - timedelta(days=1)).save()


def set_months(clinic, by, kind, months):
    models.Retention(clinic=clinic, kind=kind, months=months, by=by).save()


def test_nothing_is_kept_longer_than_patients_are_told(clinic, by):
    told = clinic.keep_years * 12
    assert retention.months_of(clinic) == dict.fromkeys(retention.BY_CODE, told)
    set_months(clinic, by, "visits", 24)
    set_months(clinic, by, "photographs", told)
    set_months(clinic, by, "record", 1)
    clinic.keep_years = 3
    assert retention.months_of(clinic) == {**dict.fromkeys(retention.BY_CODE, 36), "visits": 24}


def test_a_record_goes_so_long_after_its_last_entry_and_not_a_day_before(clinic, by):
    patient = everything(by)
    models.Patient.objects.filter(pk=patient.pk).update(added_at=datetime(2000, 1, 1, tzinfo=UTC))
    until = retention.kept_until(patient, clinic)
    before = clinic.midnight(until)
    assert list(retention.due(clinic, "record", before)) == []
    assert list(retention.due(clinic, "record", before + timedelta(days=1))) == [patient]
    hold = set_hold(patient, "A claim.", by=by)
    assert retention_run.due_counts(clinic, before + 5 * YEARS) == {}
    lift_hold(hold, "Settled.", by=by)
    the_trail_goes_on(clinic, before + timedelta(days=1))
    assert "record: " not in is_said(before + timedelta(days=1), dry=True)
    assert "park-street: 1 × whole record" in is_said(before + timedelta(days=1))
    gone = models.Patient.with_erased.get(pk=patient.pk)
    tombstone = models.Erasure.objects.filter(patient=patient).order_by("-pk")[0]
    assert (gone.name, tombstone.by, tombstone.why) == ("", None, retention_run.TIME_IS_OVER)


def test_a_dry_run_changes_nothing_and_names_nobody(clinic, by):
    a_patient(clinic, name="Ludmila Strange")
    later = timezone.now() + 11 * YEARS
    the_trail_goes_on(clinic, later)
    rows = {model: QuerySet(model).count() for model in (models.Patient, models.Event, models.PatientKey)}
    said = is_said(later, dry=True)
    assert "retention: would remove park-street: 1 × person without a record" in said
    assert "Ludmila" not in said
    assert {model: QuerySet(model).count() for model in rows} == rows


def test_each_kind_goes_by_its_own_time_and_leaves_the_rest(clinic, by):
    patient = everything(by)
    stranger = a_sending(clinic=clinic, name="A stranger")
    loose = models.Visit.objects.create(
        clinic=clinic, patient=patient, starts_at=stranger.sent_at, treatment="ems-training"
    )
    for kind in ("unmatched", "papers", "photographs", "visits"):
        set_months(clinic, by, kind, 1)
    now = timezone.now() + timedelta(days=70)
    the_trail_goes_on(clinic, now)
    said = is_said(now)
    assert "1 × unmatched self-check, 1 × issued paper, 1 × photograph, 1 × visit" in said
    assert models.DocumentContent.objects.filter(document__patient=patient).count() == 0
    assert models.PhotographContent.objects.filter(photograph__patient=patient).count() == 0
    assert list(models.Visit.objects.filter(pk=loose.pk)) == []
    assert list(models.Visit.history.filter(id=loose.pk)) == []
    assert patient.visits.count() == 1
    assert models.Screening.objects.filter(patient=patient).count() == 4
    report = RetentionReport.objects.get()
    assert report.gone == {"unmatched": 1, "papers": 1, "photographs": 1, "visits": 1}


def test_run_twice_it_does_nothing_more(clinic, by):
    a_patient(clinic)
    later = timezone.now() + 11 * YEARS
    the_trail_goes_on(clinic, later)
    assert "1 × person without a record" in is_said(later)
    assert "retention" not in is_said(later)
    assert RetentionReport.objects.count() == 1


@pytest.mark.hazard("H-31")
def test_a_clock_that_jumped_erases_nothing_that_day(clinic, by):
    patient = a_patient(clinic)
    models.Event(clinic=clinic, action="signed in").save()
    later = timezone.now() + 11 * YEARS
    said = list(daily.run_daily(later))
    assert (f"retention: {daily.CLOCK}", True) in said
    assert models.Patient.objects.filter(pk=patient.pk).exists()
    back = list(daily.run_daily(timezone.now()))
    assert (f"retention: {daily.CLOCK}", True) in back


def test_drafts_links_sign_ins_and_cache_rows_go_when_they_ended(clinic, by):
    closed, _ = a_link(clinic)
    live, _ = a_link(clinic)
    models.Invitation.objects.filter(pk=closed.pk).update(closed_at=timezone.now())
    said = is_said(timezone.now())
    assert "drafts: removed 1 × unsent self-check" in said
    assert list(models.Draft.objects.values_list("invitation", flat=True)) == [live.pk]
    assert models.Invitation.objects.count() == 2
    a_year_on = timezone.now() + YEARS
    the_trail_goes_on(clinic, a_year_on)
    assert "links: removed 2 × link that ended unused" in is_said(a_year_on)


def test_a_head_that_no_mail_server_takes_is_a_step_that_failed(clinic, settings):
    a_member(clinic, "owner", name="Olga")
    settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT = (
        "django.core.mail.backends.smtp.EmailBackend",
        "127.0.0.1",
        1,
    )
    out = StringIO()
    with pytest.raises(CommandError, match="1 step failed"):
        call_command("daily", stdout=out)
    assert "not mailed to the owners of 1 × clinic: is the mail server right?" in out.getvalue()


def test_a_step_that_fails_stops_no_other_and_the_command_says_so(clinic, monkeypatch):
    def breaks(now, dry):
        raise RuntimeError("Nora Novak")
        yield

    monkeypatch.setattr(daily, "STEPS", (daily.Step("broken", breaks), *daily.STEPS))
    out = StringIO()
    with pytest.raises(CommandError, match="1 step failed"):
        call_command("daily", stdout=out)
    assert "broken: failed (RuntimeError)" in out.getvalue()
    assert "seals of the trail: seal 1 over" in out.getvalue()
    assert "Nora" not in out.getvalue()


def test_a_row_that_came_while_the_record_was_erased_goes_the_next_day(clinic, by):
    from clinic.privacy.erasing import erase_record

    patient = a_patient(clinic)
    erase_record(patient, "The person asked for it.", by=by)
    models.Visit.objects.create(clinic=clinic, patient=patient, starts_at=timezone.now(), treatment="ems-training")
    assert f"erased before: removed patient {patient.pk} once more" in is_said(timezone.now())
    assert models.Visit.objects.count() == 0
    late = a_screening(clinic, patient, by)
    assert f"erased before: removed patient {patient.pk} once more" in is_said(timezone.now())
    assert not models.Screening.objects.filter(pk=late.pk).exists()
    assert "erased before" not in is_said(timezone.now())
    assert erase_record(patient, "Asked for again.", by=by) == models.Erasure.objects.latest("pk")
    assert models.Erasure.objects.count() == 3


def test_the_command_erases_for_an_owner_alone_and_past_the_time_only_when_told(clinic, by):
    patient = a_patient(clinic)
    practitioner = a_member(clinic, "practitioner", name="perry")
    with pytest.raises(CommandError, match="Only an owner"):
        call_command("erase_patient", "park-street", patient.pk, by=practitioner.email, why="Asked for.")
    with pytest.raises(CommandError, match="keeps this record until"):
        call_command("erase_patient", "park-street", patient.pk, by=by.email, why="Asked for.")
    call_command(
        "erase_patient", "park-street", patient.pk, by=by.email, why="Asked for.", within_time=True, stdout=StringIO()
    )
    assert list(models.Patient.objects.all()) == []


@pytest.mark.parametrize(("months", "words"), [(1, "1 month"), (12, "1 year"), (30, "30 months"), (120, "10 years")])
def test_how_long_is_said_in_years_where_they_are_whole(months, words):
    assert retention.span_in_words(months) == words
