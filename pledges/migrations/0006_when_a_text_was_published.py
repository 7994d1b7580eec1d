from django.db import migrations, models


class Migration(migrations.Migration):
    """Texts of before stay without a moment, as those that the campaign began with. A column that may be empty leaves
    the table, and so its trigger, in place on SQLite.
    """

    dependencies = [("pledges", "0005_reviews_in_rounds")]
    operations = [
        migrations.AddField(
            model_name="pledgetext",
            name="published_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
