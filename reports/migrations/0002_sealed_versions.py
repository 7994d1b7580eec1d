"""A sealed version, its figures and its words never change: the database itself refuses."""

from django.db import migrations

SENTENCE = "a sealed version of a report never changes"
# Table → whether the row OLD belongs to a sealed version.
SEALED = {
    "reports_reportversion": "OLD.sealed_at IS NOT NULL",
    "reports_figure": "EXISTS (SELECT 1 FROM reports_reportversion v WHERE v.id = OLD.version_id AND v.sealed_at IS NOT NULL)",
    "reports_narrative": "EXISTS (SELECT 1 FROM reports_reportversion v WHERE v.id = OLD.version_id AND v.sealed_at IS NOT NULL)",
}


def add(apps, editor):
    for table, sealed in SEALED.items():
        if editor.connection.vendor == "postgresql":
            editor.execute(
                f"CREATE FUNCTION {table}_sealed() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {sealed} THEN RAISE EXCEPTION '{SENTENCE}' USING ERRCODE = 'integrity_constraint_violation'; END IF; "
                f"IF TG_OP = 'DELETE' THEN RETURN OLD; END IF; RETURN NEW; END $$"
            )
        for act in ("UPDATE", "DELETE"):
            name = f"{table}_sealed_{act.lower()}"
            if editor.connection.vendor == "postgresql":
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} FOR EACH ROW EXECUTE FUNCTION {table}_sealed()"
                )
            else:
                editor.execute(
                    f"CREATE TRIGGER {name} BEFORE {act} ON {table} WHEN {sealed} "
                    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
                )


def remove(apps, editor):
    for table in SEALED:
        for act in ("update", "delete"):
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER {table}_sealed_{act}{on}")
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP FUNCTION {table}_sealed()")


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [migrations.RunPython(add, remove)]
