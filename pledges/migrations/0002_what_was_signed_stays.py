"""Confirmations, records of earlier rounds and texts are added and never changed: the database refuses (rule R24)."""

from django.db import migrations

TABLES = ["pledges_signature", "pledges_earlierrecord", "pledges_pledgetext"]
SENTENCE = "what was signed does not change"
POSTGRES_FUNCTION = f"""
CREATE FUNCTION pledges_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$
"""


def add(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRES_FUNCTION)
        act = "FOR EACH ROW EXECUTE FUNCTION pledges_refuse()"
    else:
        act = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for table in TABLES:
        editor.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {act}")


def remove(apps, editor):
    for table in TABLES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {table}_stays{on}")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION pledges_refuse()")


class Migration(migrations.Migration):
    dependencies = [("pledges", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
