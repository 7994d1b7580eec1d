"""Appointments are named in addresses now: rows written before get their random ids here."""

from django.db import migrations, models

import ledger.public_id


def give_ids(apps, editor):
    appointments = apps.get_model("units", "Appointment")
    rows = list(appointments.objects.filter(public_id__isnull=True).only("pk"))
    for row in rows:
        row.public_id = ledger.public_id.new_public_id()
    appointments.objects.bulk_update(rows, ["public_id"], batch_size=1000)


class Migration(migrations.Migration):
    dependencies = [("units", "0002_no_overlaps")]
    operations = [
        migrations.AddField(
            "appointment", "public_id", models.CharField(max_length=26, null=True, editable=False)
        ),
        migrations.RunPython(give_ids, migrations.RunPython.noop),
        migrations.AlterField("appointment", "public_id", ledger.public_id.PublicIdField()),
    ]
