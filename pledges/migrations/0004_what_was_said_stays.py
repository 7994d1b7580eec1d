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


# Of the text that was loaded before units could pledge; the same words stand in data/campaigns/2607.toml.
COLLECTIVE_INTRO = (
    "Sau khi được quán triệt mục đích, ý nghĩa, nội dung của Cuộc vận động “Cán bộ, công chức, viên chức nói không với "
    "tiêu cực”, thay mặt tập thể cán bộ, công chức, viên chức và người lao động của đơn vị, tôi cam kết tập thể đơn vị "
    "thực hiện nghiêm “Năm không”:"
)


def complete_the_text(apps, editor):
    """While the triggers are off: a text that is loaded already reads as the file now does."""
    texts = apps.get_model("pledges", "PledgeText").objects.filter(campaign__code="2607", version=1)
    texts.filter(collective_intro="").update(collective_intro=COLLECTIVE_INTRO)


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
    operations = [
        migrations.RunPython(complete_the_text, migrations.RunPython.noop),
        migrations.RunPython(add, remove),
    ]
