"""Rows for the numbers that other systems have given to cases."""

# ruff: noqa: RUF012 - lists are how Django writes them
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0002_places")]

    operations = [
        migrations.CreateModel(
            name="ReferenceRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "system", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="references",
                        to="store.caserecord",
                    ),
                ),
                ("system", models.TextField()),
                ("number", models.TextField()),
            ],
            options={
                "db_table": "store_reference",
                "indexes": [
                    models.Index(fields=["number"], name="store_reference_number"),
                    models.Index(fields=["system", "number"], name="store_reference_system"),
                ],
            },
        ),
    ]
