from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("units", "0005_no_overlaps_beside_the_tree"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="email",
            field=models.EmailField(
                blank=True, db_default="", default="", max_length=254, verbose_name="thư điện tử"
            ),
        ),
    ]
