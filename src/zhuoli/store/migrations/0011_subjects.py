"""Rows by which earlier cases about the same organisation or place are counted."""

# ruff: noqa: RUF012 - lists are how Django writes them
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0010_not_same")]

    operations = [
        migrations.CreateModel(
            name="SubjectRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "what", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="subjects",
                        to="store.caserecord",
                    ),
                ),
                ("what", models.TextField()),
                ("scenario", models.TextField()),
                ("about", models.TextField()),
                ("at", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_subject",
                "indexes": [models.Index(fields=["scenario", "about"], name="store_subject_about")],
            },
        ),
    ]
