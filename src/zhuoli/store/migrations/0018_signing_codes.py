"""Rows for one-time codes with which people sign: what each is bound to, never the code."""

# ruff: noqa: RUF012 - lists are how Django writes them
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0017_shares")]

    operations = [
        migrations.CreateModel(
            name="SigningCodeRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case_id", models.BigIntegerField()),
                ("party", models.TextField()),
                ("task", models.TextField()),
                ("run", models.IntegerField()),
                ("sha256", models.TextField()),
                ("nonce", models.BinaryField()),
                ("phone", models.BinaryField()),
                ("number", models.BinaryField()),
                ("to", models.TextField()),
                ("made", models.BigIntegerField()),
                ("tries", models.IntegerField(default=0, db_default=0)),
                ("used", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "store_signing_code",
                "indexes": [
                    models.Index(fields=["case_id", "party", "task"], name="store_signing_code_whose"),
                    models.Index(fields=["made"], name="store_signing_code_made"),
                ],
            },
        ),
    ]
