"""Rows for what parties let bodies outside the office read."""

# ruff: noqa: RUF012 - lists are how Django writes them
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0016_shown_names")]

    operations = [
        migrations.CreateModel(
            name="ShareRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "name", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="shares",
                        to="store.caserecord",
                    ),
                ),
                ("name", models.TextField()),
                ("unit", models.TextField()),
                ("at", models.BigIntegerField()),
                ("taken", models.BigIntegerField(null=True)),
                ("answered", models.BigIntegerField(null=True)),
                ("answer", models.TextField()),
                ("number", models.TextField()),
            ],
            options={
                "db_table": "store_share",
                "indexes": [models.Index(fields=["unit", "at"], name="store_share_unit")],
            },
        ),
    ]
