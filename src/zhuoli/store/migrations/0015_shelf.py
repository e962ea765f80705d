"""What offices serve of the models, which cases a serving has found, and the nights that were run."""

# ruff: noqa: RUF012 - lists are how Django writes them
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0014_village_posts")]

    operations = [
        migrations.CreateModel(
            name="NightRecord",
            fields=[
                ("day", models.CharField(max_length=10, primary_key=True, serialize=False)),
                ("began", models.BigIntegerField()),
                ("ended", models.BigIntegerField(null=True)),
                ("lease_until", models.BigIntegerField()),
                ("lease_by", models.TextField()),
                ("tries", models.IntegerField(default=1)),
                ("at_model", models.TextField(default="")),
                ("struck", models.TextField(default="{}")),
                ("models_run", models.IntegerField(default=0)),
                ("unchanged", models.IntegerField(default=0)),
                ("new", models.IntegerField(default=0)),
                ("gone", models.IntegerField(default=0)),
                ("opened", models.IntegerField(default=0)),
                ("waiting", models.IntegerField(default=0)),
                ("failures", models.TextField(default="[]")),
            ],
            options={"db_table": "store_night"},
        ),
        migrations.CreateModel(
            name="ServingRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("scenario", models.TextField()),
                ("serving", models.TextField()),
                ("own", models.BooleanField()),
                ("title_zh", models.TextField(default="")),
                ("title_en", models.TextField(default="")),
                ("territory", models.CharField(default="", max_length=12)),
                ("values", models.TextField(default="{}")),
                ("unit", models.TextField(default="")),
                ("on", models.BooleanField(default=True)),
                ("kept_at", models.IntegerField(default=0)),
                ("changed", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_serving",
                "constraints": [
                    models.UniqueConstraint(fields=("scenario", "serving"), name="store_serving_name")
                ],
            },
        ),
        migrations.CreateModel(
            name="FoundRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id",
                        "serving",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("serving", models.TextField()),
                ("scenario", models.TextField()),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="found_by",
                        to="store.caserecord",
                    ),
                ),
            ],
            options={
                "db_table": "store_found",
                "indexes": [models.Index(fields=["scenario", "serving"], name="store_found_serving")],
            },
        ),
    ]
