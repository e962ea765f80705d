"""Rows for the times of providers that cases hold."""

# ruff: noqa: RUF012 - lists are how Django writes them
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0011_subjects")]

    operations = [
        migrations.CreateModel(
            name="BookingRecord",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="booking",
                        serialize=False,
                        to="store.caserecord",
                    ),
                ),
                ("provider", models.TextField()),
                ("at", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_booking",
                "constraints": [
                    models.UniqueConstraint(fields=["provider", "at"], name="store_booking_time")
                ],
            },
        ),
    ]
