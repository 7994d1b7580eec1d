"""Of a stored paper only the state may change: the database itself refuses the rest (rule R15)."""

from django.db import migrations

TABLE = "documents_paper"
NAME = "documents_paper_stays"
COLUMNS = (
    "public_id, kind, title, object_kind, object_id, unit_id, check_code, sha256, size, pages, path, "
    "manifest_sha256, effect, is_demo, created_at"
)
POSTGRES_FUNCTION = """
CREATE FUNCTION documents_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a stored paper does not change'; END $$
"""


def add(apps, editor):
    if editor.connection.vendor == "postgresql":
        editor.execute(POSTGRES_FUNCTION)
        act = "FOR EACH ROW EXECUTE FUNCTION documents_refuse()"
    else:
        act = "BEGIN SELECT RAISE(ABORT, 'a stored paper does not change'); END"
    editor.execute(f"CREATE TRIGGER {NAME} BEFORE UPDATE OF {COLUMNS} ON {TABLE} {act}")


def remove(apps, editor):
    on = f" ON {TABLE}" if editor.connection.vendor == "postgresql" else ""
    editor.execute(f"DROP TRIGGER {NAME}{on}")
    if editor.connection.vendor == "postgresql":
        editor.execute("DROP FUNCTION documents_refuse()")


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
