"""Plain words to find cases by, and saved views of the inbox."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("store", "0005_desktools"),)

    operations = (
        migrations.CreateModel(
            name="WordsRecord",
            fields=[
                ("case_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("words", models.TextField()),
            ],
            options={"db_table": "store_words"},
        ),
        migrations.CreateModel(
            name="SavedViewRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("unit", models.TextField()),
                ("post", models.TextField()),
                ("name", models.TextField()),
                ("query", models.TextField()),
                ("shared", models.BooleanField()),
                ("made", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_saved_view",
                "indexes": [models.Index(fields=["unit", "made"], name="store_saved_view_unit")],
                "constraints": [
                    models.UniqueConstraint(fields=("post", "name"), name="store_saved_view_name"),
                ],
            },
        ),
    )
