"""Telephone of a unit, and whether it is at work."""

# ruff: noqa: RUF012 - lists are how Django writes them
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0012_bookings")]

    operations = [
        migrations.AddField("unit", "phone", models.TextField(blank=True, default="", db_default="")),
        migrations.AddField("unit", "active", models.BooleanField(default=True, db_default=True)),
    ]
