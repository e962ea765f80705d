"""Begun forms."""

# ruff: noqa: RUF012 - lists are how Django writes them
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0008_messages")]

    operations = [
        migrations.CreateModel(
            name="DraftRecord",
            fields=[
                ("draft", models.TextField(primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("expires", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_draft",
                "indexes": [models.Index(fields=["expires"], name="store_draft_expires")],
            },
        ),
    ]
