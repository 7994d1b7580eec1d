"""What was signed, added, remarked or found is added and never changed: the database refuses (rule R24)."""

from django.db import migrations

TABLES = [
    "pledges_signature",
    "pledges_earlierrecord",
    "pledges_pledgetext",
    "pledges_unitaddition",
    "pledges_remark",
    "pledges_signedfile",
    "pledges_scan",
]
SENTENCE = "what was signed does not change"


def add(apps, editor):
    act = f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    if editor.connection.vendor == "postgresql":
        act = "FOR EACH ROW EXECUTE FUNCTION pledges_refuse()"
    for table in TABLES:
        editor.execute(f"CREATE TRIGGER {table}_stays BEFORE UPDATE ON {table} {act}")


def remove(apps, editor):
    for table in TABLES:
        on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
        editor.execute(f"DROP TRIGGER {table}_stays{on}")


class Migration(migrations.Migration):
    dependencies = [("pledges", "0003_three_parties")]
    operations = [migrations.RunPython(add, remove)]
