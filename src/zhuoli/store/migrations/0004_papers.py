"""Papers that were handed out."""

# ruff: noqa: RUF012 - lists are how Django writes them
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("store", "0003_references")]

    operations = [
        migrations.CreateModel(
            name="PaperRecord",
            fields=[
                ("number", models.TextField(primary_key=True, serialize=False)),
                ("case_id", models.BigIntegerField()),
                ("kind", models.TextField()),
                ("unit", models.TextField()),
                ("digest", models.TextField()),
                ("made", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_paper",
                "indexes": [models.Index(fields=["case_id"], name="store_paper_case")],
            },
        ),
    ]
