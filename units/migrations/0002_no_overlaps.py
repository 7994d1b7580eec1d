"""No two overlapping periods where only one can be true: PostgreSQL refuses them itself (rule R11).

SQLite has no exclusion constraints; there the services check under the database's single write lock.
"""

from django.db import migrations

RULES = {
    "units_placement": "unit_id",
    "units_employment": "user_id",
    "units_baseunion": "unit_id",
}


def add(apps, editor):
    if editor.connection.vendor != "postgresql":
        return
    editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    for table, column in RULES.items():
        editor.execute(
            f"ALTER TABLE {table} ADD CONSTRAINT {table}_no_overlap "
            f"EXCLUDE USING gist ({column} WITH =, daterange(since, until) WITH &&)"
        )


def remove(apps, editor):
    if editor.connection.vendor == "postgresql":
        for table in RULES:
            editor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {table}_no_overlap")


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
