"""What was stored stays: no way of writing a row, however odd, changes one or makes one past its service."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, models, transaction

from clinic.consultations import gate
from clinic.consultations.models import Consent, Decision, Session, Settlement, Stop
from clinic.events import AppendOnlyError, AppendOnlyModel, Event, OneDoorError, OneDoorModel
from clinic.screenings.models import Screening
from tests.clinic.consultations.gated import World

pytestmark = pytest.mark.django_db
REFUSED = (AppendOnlyError, OneDoorError, IntegrityError)


@pytest.fixture
def world():
    made = World(consultation={"chronic-disease": "yes"}, settles={"chronic-disease": "assessed"})
    made.session = gate.start(made.wanted()).session
    made.holds()
    return made


def columns(row):
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def again(row, **changed):
    return type(row)(**(columns(row) | changed))


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize("model", [Screening, Decision, Settlement, Consent, Stop, Session, Event])
def test_a_row_is_not_written_over_by_one_with_the_same_key(world, model):
    row = model.objects.order_by("pk").first()
    for write in (
        lambda: again(row).save(),
        lambda: again(row).save(force_update=True),
        row.save,
        lambda: model.objects.bulk_update([row], ["id"]),
        lambda: model.objects.filter(pk=row.pk).update(pk=row.pk),
        row.delete,
        lambda: model.objects.filter(pk=row.pk).delete(),
        lambda: model.objects.bulk_create(
            [again(row)], update_conflicts=True, update_fields=[writable(model)], unique_fields=["id"]
        ),
        lambda: model.objects.update_or_create(pk=row.pk, defaults={writable(model): getattr(row, writable(model))}),
    ):
        with pytest.raises((*REFUSED, ValueError)), transaction.atomic():
            write()
    assert columns(model.objects.get(pk=row.pk)) == columns(row)


def writable(model):
    return next(field.name for field in model._meta.concrete_fields if not field.primary_key)


@pytest.mark.hazard("H-32")
@pytest.mark.parametrize("model", [Decision, Settlement, Session])
def test_rows_of_one_door_are_made_by_no_other(world, model):
    row = model.objects.get()
    fields = {name: value for name, value in columns(row).items() if name != "id"}
    of = Decision.objects.get() if model is Settlement else world.patient
    related = {Decision: "decisions", Session: "sessions", Settlement: "settlements"}[model]
    before = model.objects.count()
    for write in (
        lambda: model(**fields).save(),
        lambda: model(**fields).save(force_insert=True),
        lambda: model.objects.create(**fields),
        lambda: model.objects.bulk_create([model(**fields)]),
        lambda: model.objects.get_or_create(pk=10**6, defaults=fields),
        lambda: model.objects.update_or_create(pk=10**6, defaults=fields),
        lambda: getattr(of, related).create(**fields),
        lambda: getattr(of, related).bulk_create([model(**fields)]),
        lambda: getattr(of, related).add(model(**fields), bulk=False),
    ):
        with pytest.raises(REFUSED), transaction.atomic():
            write()
    with Decision.door() if model is not Decision else Session.door(), pytest.raises(OneDoorError):
        model(**fields).save()
    assert model.objects.count() == before


def test_no_row_of_the_trail_or_of_a_consultation_has_another_manager():
    kinds = [kind for kind in all_kinds(AppendOnlyModel) if not kind._meta.abstract]
    assert len(kinds) > 15
    for kind in kinds:
        assert [manager.name for manager in kind._meta.managers] == ["objects"], kind
        expected = "OneDoorQuerySet" if issubclass(kind, OneDoorModel) else "AppendOnlyQuerySet"
        assert kind.objects.get_queryset().__class__.__name__ == expected


def all_kinds(kind):
    for each in kind.__subclasses__():
        yield each
        yield from all_kinds(each)


@pytest.mark.hazard("H-32")
def test_no_row_of_a_consultation_can_be_written_in_the_admin():
    from django.contrib import admin

    written = [model for model in admin.site._registry if issubclass(model, models.Model)]
    assert [model for model in written if model.__module__.startswith("clinic.")] == []


@pytest.mark.hazard("H-23")
def test_a_start_that_fails_half_way_keeps_nothing(world, monkeypatch):
    from clinic.consultations import gate as module

    def broken(*_, **__):
        raise RuntimeError

    before = (Session.objects.count(), Screening.objects.count(), Event.objects.count())
    monkeypatch.setattr(module, "record", broken)
    with pytest.raises(RuntimeError):
        gate.start(world.wanted(now=world.now + timedelta(hours=1)))
    assert (Session.objects.count(), Screening.objects.count(), Event.objects.count()) == before
    with pytest.raises(OneDoorError):
        Session(**columns(world.session)).save()
