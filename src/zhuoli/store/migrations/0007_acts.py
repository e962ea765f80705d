"""Acts beside the cases, guarded like the ledger."""

# ruff: noqa: RUF012 - lists are how Django writes them
from importlib import import_module

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "store_act"


def guard(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    first = import_module("zhuoli.store.migrations.0001_initial")
    if schema_editor.connection.vendor == "sqlite":
        statements = first.sqlite_guards(TABLE, (("number",), ("prev",), ("hash",)))
    else:
        statements = [statement.format(table=TABLE) for statement in first.POSTGRESQL_GUARDS]
    for statement in statements:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("store", "0006_desk")]

    operations = [
        migrations.CreateModel(
            name="ActRecord",
            fields=[
                ("number", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.BigIntegerField()),
                ("account", models.TextField()),
                ("post", models.TextField()),
                ("what", models.TextField()),
                ("subject", models.TextField()),
                ("unit", models.TextField()),
                ("case_id", models.BigIntegerField(null=True)),
                ("details", models.TextField()),
                ("prev", models.BinaryField(unique=True)),
                ("hash", models.BinaryField(unique=True)),
            ],
            options={
                "db_table": TABLE,
                "indexes": [
                    models.Index(
                        condition=models.Q(("case_id__isnull", False)),
                        fields=["case_id"],
                        name="store_act_case",
                    ),
                    models.Index(fields=["subject"], name="store_act_subject"),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
