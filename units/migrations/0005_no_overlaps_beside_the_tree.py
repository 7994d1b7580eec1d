"""The dated rows that came with migration 0004 overlap no more than the older ones (see 0002)."""

from django.db import migrations

RULES = {
    "units_professionalline": "unit_id WITH =",
    "units_absence": "user_id WITH =, kind WITH =",
}


def add(apps, editor):
    if editor.connection.vendor != "postgresql":
        return
    for table, same in RULES.items():
        editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap "
            f"EXCLUDE USING gist ({same}, daterange(since, until) WITH &&)"
        )


def remove(apps, editor):
    if editor.connection.vendor == "postgresql":
        for table in RULES:
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap")


class Migration(migrations.Migration):
    dependencies = [("units", "0004_organisation_through_time")]
    operations = [migrations.RunPython(add, remove)]
