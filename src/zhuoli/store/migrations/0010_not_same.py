"""Pairs of cases that are not the same matter."""

# ruff: noqa: RUF012 - lists are how Django writes them
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0009_drafts")]

    operations = [
        migrations.CreateModel(
            name="NotSameRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField()),
                ("second", models.BigIntegerField()),
                ("at", models.BigIntegerField()),
                ("unit", models.TextField()),
                ("post", models.TextField()),
            ],
            options={
                "db_table": "store_not_same",
                "indexes": [models.Index(fields=["second"], name="store_not_same_second")],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="store_not_same_pair")
                ],
            },
        ),
    ]
