"""Calls, hand-overs, exports and partner keys of the desk."""

# ruff: noqa: RUF012 - lists are how Django writes them
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0004_papers"),
    ]

    operations = [
        migrations.CreateModel(
            name="HandoverRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("unit", models.TextField()),
                ("post", models.TextField()),
                ("shift_from", models.BigIntegerField()),
                ("made", models.BigIntegerField()),
                ("body", models.TextField()),
                ("key", models.TextField(unique=True)),
            ],
            options={
                "db_table": "store_handover",
            },
        ),
        migrations.CreateModel(
            name="PartnerKeyRecord",
            fields=[
                ("hash", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("system", models.TextField()),
                ("title", models.TextField()),
                ("made", models.BigIntegerField()),
                ("until", models.BigIntegerField(null=True)),
                ("revoked", models.BigIntegerField(null=True)),
                ("used", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "store_partner_key",
            },
        ),
        migrations.CreateModel(
            name="ShiftRecord",
            fields=[
                ("unit", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("begins", models.JSONField(default=list)),
            ],
            options={
                "db_table": "store_shift",
            },
        ),
        migrations.CreateModel(
            name="CallLookRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("call_id", models.CharField(max_length=36)),
                ("at", models.BigIntegerField()),
                ("unit", models.TextField()),
                ("post", models.TextField()),
            ],
            options={
                "db_table": "store_call_look",
                "indexes": [models.Index(fields=["call_id"], name="store_call_look_call")],
            },
        ),
        migrations.CreateModel(
            name="CallRecord",
            fields=[
                ("id", models.CharField(max_length=36, primary_key=True, serialize=False)),
                ("unit", models.TextField()),
                ("post", models.TextField()),
                ("made", models.BigIntegerField()),
                ("scenario", models.TextField()),
                ("territory", models.TextField()),
                ("case_id", models.BigIntegerField(null=True)),
                ("body", models.TextField()),
                ("ring_at", models.BigIntegerField(null=True)),
                ("done", models.BigIntegerField(null=True)),
                ("done_by", models.TextField(default="")),
                ("outcome", models.TextField(default="")),
            ],
            options={
                "db_table": "store_call",
                "indexes": [
                    models.Index(
                        condition=models.Q(("done__isnull", True)),
                        fields=["unit", "ring_at"],
                        name="store_call_open",
                    ),
                    models.Index(fields=["made"], name="store_call_made"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ExportRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("unit", models.TextField()),
                ("post", models.TextField()),
                ("what", models.TextField()),
                ("form", models.TextField()),
                ("rows", models.IntegerField()),
            ],
            options={
                "db_table": "store_export",
                "indexes": [models.Index(fields=["unit", "at"], name="store_export_unit")],
            },
        ),
        migrations.CreateModel(
            name="HandoverSignRecord",
            fields=[
                (
                    "handover",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="signed",
                        serialize=False,
                        to="store.handoverrecord",
                    ),
                ),
                ("post", models.TextField()),
                ("at", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_handover_sign",
            },
        ),
        migrations.AddIndex(
            model_name="handoverrecord",
            index=models.Index(fields=["unit", "made"], name="store_handover_unit"),
        ),
        migrations.AddIndex(
            model_name="partnerkeyrecord",
            index=models.Index(fields=["system"], name="store_partner_key_system"),
        ),
    ]
