"""A post may serve a part of its unit's territory: the village of an auxiliary."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds ``territory`` to posts."""

    dependencies = (("store", "0013_units"),)

    operations = (
        migrations.AddField(
            model_name="post",
            name="territory",
            field=models.CharField(blank=True, default="", db_default="", max_length=12),
        ),
    )
