"""Fills the new tables from what is there already: self-checks that nobody has reviewed wait for a review; patients
get the keys by which a search finds them."""

from itertools import islice

from django.db import migrations

from clinic.people.search_keys import keys_of

URGENCIES = ("none", "advice-today", "urgent")


def await_reviews(apps, schema_editor):
    waiting = apps.get_model("clinic", "AwaitingReview")
    sendings = apps.get_model("clinic", "Sending").objects.select_related("screening")
    waiting.objects.bulk_create(
        waiting(
            clinic_id=sending.clinic_id,
            sending=sending,
            patient_id=sending.screening.patient_id,
            urgency=max(
                (URGENCIES.index(finding["urgency"]) for finding in sending.screening.outcome["findings"]), default=0
            ),
            sent_at=sending.sent_at,
        )
        for sending in sendings.iterator()
    )


def write_keys(apps, schema_editor):
    keys = apps.get_model("clinic", "PatientKey")
    patients = apps.get_model("clinic", "Patient").objects.iterator(chunk_size=500)
    while some := list(islice(patients, 500)):
        keys.objects.bulk_create(
            keys(clinic_id=each.clinic_id, patient_id=each.pk, key=key)
            for each in some
            for key in sorted(
                keys_of(name=each.name, goes_by=each.goes_by, born=each.born, phone=each.phone, email=each.email)
            )
        )


class Migration(migrations.Migration):
    dependencies = [("clinic", "0003_consultations")]

    operations = [
        migrations.RunPython(await_reviews, migrations.RunPython.noop),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
    ]
