"""Fills the new tables from what is there already: self-checks that nobody has reviewed wait for a review."""

from django.db import migrations

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


class Migration(migrations.Migration):
    dependencies = [("clinic", "0003_consultations")]

    operations = [migrations.RunPython(await_reviews, migrations.RunPython.noop)]
