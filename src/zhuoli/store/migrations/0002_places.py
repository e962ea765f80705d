"""Territories, units and posts."""

# ruff: noqa: RUF012 - lists are how Django writes them
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Territory",
            fields=[
                ("code", models.CharField(max_length=12, primary_key=True, serialize=False)),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("initials", models.TextField()),
                ("level", models.TextField()),
                ("parent", models.CharField(blank=True, max_length=12)),
                ("city", models.CharField(blank=True, max_length=4)),
                ("county", models.CharField(blank=True, max_length=6)),
            ],
            options={
                "db_table": "store_territory",
                "indexes": [models.Index(fields=["parent"], name="store_territory_parent")],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("kind", models.TextField()),
                ("name_zh", models.TextField()),
                ("name_en", models.TextField()),
                ("short_zh", models.TextField()),
                ("short_en", models.TextField()),
                ("territory", models.CharField(max_length=12)),
                ("superior", models.CharField(blank=True, max_length=40)),
                ("competences", models.JSONField(default=list)),
                ("generated", models.BooleanField(default=False)),
            ],
            options={
                "db_table": "store_unit",
                "indexes": [
                    models.Index(fields=["territory"], name="store_unit_territory"),
                    models.Index(fields=["superior"], name="store_unit_superior"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Post",
            fields=[
                ("id", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("title_zh", models.TextField()),
                ("title_en", models.TextField()),
                ("roles", models.JSONField(default=list)),
                ("generated", models.BooleanField(default=False)),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="posts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="posts", to="store.unit"
                    ),
                ),
            ],
            options={
                "db_table": "store_post",
            },
        ),
    ]
