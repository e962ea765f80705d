"""Messages are about something and end somehow; each attempt to send one is kept, and how people want to be told."""

# ruff: noqa: RUF012 - lists are how Django writes them
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("store", "0007_acts"),
    ]

    operations = [
        migrations.CreateModel(
            name="AttemptRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("message_id", models.BigIntegerField()),
                ("case_id", models.BigIntegerField()),
                ("party", models.TextField()),
                ("channel", models.TextField()),
                ("to", models.TextField()),
                ("at", models.BigIntegerField()),
                ("ok", models.BooleanField()),
            ],
            options={
                "db_table": "store_attempt",
            },
        ),
        migrations.CreateModel(
            name="WishRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "party", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("case_id", models.BigIntegerField()),
                ("party", models.TextField()),
                ("language", models.TextField()),
                ("told", models.BooleanField()),
            ],
            options={
                "db_table": "store_wish",
            },
        ),
        migrations.RemoveIndex(
            model_name="outboxrecord",
            name="store_outbox_waiting",
        ),
        migrations.AddField(
            model_name="outboxrecord",
            name="about",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="outboxrecord",
            name="ended",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name="outboxrecord",
            name="lease_until",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="outboxrecord",
            name="not_before",
            field=models.BigIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="outboxrecord",
            name="outcome",
            field=models.TextField(db_default="", default=""),
        ),
        migrations.AddField(
            model_name="outboxrecord",
            name="tries",
            field=models.IntegerField(db_default=0, default=0),
        ),
        migrations.AddIndex(
            model_name="outboxrecord",
            index=models.Index(
                condition=models.Q(("ended__isnull", True)), fields=["not_before"], name="store_outbox_open"
            ),
        ),
        migrations.AddIndex(
            model_name="outboxrecord",
            index=models.Index(
                condition=models.Q(("outcome", "failed")), fields=["unit", "made"], name="store_outbox_failed"
            ),
        ),
        migrations.AddIndex(
            model_name="attemptrecord",
            index=models.Index(fields=["case_id", "party", "at"], name="store_attempt_party"),
        ),
        migrations.AddIndex(
            model_name="attemptrecord",
            index=models.Index(fields=["at"], name="store_attempt_at"),
        ),
    ]
