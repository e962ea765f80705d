"""A post may show the name of whoever holds it, where the office and that person chose so."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds ``shown_name`` to posts."""

    dependencies = (("store", "0015_shelf"),)

    operations = (
        migrations.AddField(
            model_name="post",
            name="shown_name",
            field=models.TextField(blank=True, default="", db_default=""),
        ),
    )
