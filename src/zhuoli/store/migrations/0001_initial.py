"""The first schema, and the guards that make the database itself refuse to change what was recorded."""

# ruff: noqa: RUF012 - lists are how Django writes them
import django.db.models.deletion
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

# --- guards: what is only ever added to ------------------------------------------------------------------
# Tables and the columns by which one of their rows is known. SQLite's INSERT OR REPLACE removes rows without
# asking a DELETE trigger (unless recursive_triggers is on), so inserting over a row is refused by itself.
APPEND_ONLY = {
    "store_entry": (("position",), ("command_key",), ("case_id", "seq")),
    "store_look": (("case_id", "seq"),),
    "store_leaf": (("number",), ("entry",)),
    "store_node": (("level", "number"),),
    "store_tree_head": (("size",),),
}

SQLITE_GUARD = """CREATE TRIGGER {table}_no_{what} BEFORE {WHAT} ON {table}
BEGIN SELECT RAISE(ABORT, 'append-only: {WHAT} on {table} is refused'); END"""

SQLITE_NO_REPLACE = """CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table}
WHEN {exists}
BEGIN SELECT RAISE(ABORT, 'append-only: INSERT over a row of {table} is refused'); END"""

POSTGRESQL_FUNCTION = """CREATE FUNCTION store_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'append-only: % on % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END
$body$"""

# ALWAYS: they fire under session_replication_role = replica, too.
POSTGRESQL_GUARDS = (
    "CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION store_refuse_change()",
    "CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION store_refuse_change()",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_change",
    "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {table}_no_truncate",
)

# Rows that are updated again and again keep room on their page, so that their indexes stay untouched.
POSTGRESQL_ROOM = ("store_case", "store_state", "store_wake")


def guard(apps: object, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for statement in guards(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def guards(vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [statement for table, keys in APPEND_ONLY.items() for statement in sqlite_guards(table, keys)]
    statements = [POSTGRESQL_FUNCTION]
    for table in APPEND_ONLY:
        statements += [statement.format(table=table) for statement in POSTGRESQL_GUARDS]
    return statements + [f"ALTER TABLE {table} SET (fillfactor = 80)" for table in POSTGRESQL_ROOM]


def sqlite_guards(table: str, keys: tuple[tuple[str, ...], ...]) -> list[str]:
    exists = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {' AND '.join(f'{name} = NEW.{name}' for name in key)})"  # noqa: S608
        for key in keys
    )
    return [
        *(SQLITE_GUARD.format(table=table, what=what.lower(), WHAT=what) for what in ("UPDATE", "DELETE")),
        SQLITE_NO_REPLACE.format(table=table, exists=exists),
    ]


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="CaseRecord",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("seq", models.IntegerField()),
                ("scenario", models.TextField()),
                ("version", models.TextField()),
                ("receipt", models.TextField(unique=True)),
                ("channel", models.TextField()),
                ("status", models.TextField()),
                ("result", models.TextField()),
                ("result_kind", models.TextField()),
                ("priority", models.TextField()),
                ("territory", models.TextField()),
                ("city", models.TextField()),
                ("county", models.TextField()),
                ("town", models.TextField()),
                ("unit", models.TextField()),
                ("dispatcher", models.TextField()),
                ("competence", models.TextField()),
                ("stage", models.TextField()),
                ("opened", models.BigIntegerField()),
                ("occurred", models.BigIntegerField(null=True)),
                ("accepted", models.BigIntegerField(null=True)),
                ("closed", models.BigIntegerField(null=True)),
                ("ended", models.BigIntegerField(null=True)),
                ("due", models.BigIntegerField(null=True)),
                ("promised", models.BigIntegerField(null=True)),
                ("stopped", models.BooleanField()),
                ("late", models.BooleanField()),
                ("late_statutory", models.BooleanField()),
                ("level", models.IntegerField()),
                ("urges", models.IntegerField()),
                ("reopenings", models.IntegerField()),
                ("contests", models.IntegerField()),
                ("score", models.IntegerField(null=True)),
                ("merged_into", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "store_case",
                "indexes": [
                    models.Index(fields=["city", "status", "opened"], name="store_case_city"),
                    models.Index(fields=["county", "status", "opened"], name="store_case_county"),
                    models.Index(fields=["town", "status", "opened"], name="store_case_town"),
                    models.Index(fields=["unit", "status", "due"], name="store_case_unit"),
                    models.Index(fields=["scenario", "status", "opened"], name="store_case_scenario"),
                    models.Index(
                        condition=models.Q(("merged_into__isnull", False)),
                        fields=["merged_into"],
                        name="store_case_merged",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="StateRecord",
            fields=[
                (
                    "case",
                    models.OneToOneField(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="snapshot",
                        serialize=False,
                        to="store.caserecord",
                    ),
                ),
                ("seq", models.IntegerField()),
                ("recorded", models.BigIntegerField()),
                ("head", models.BinaryField()),
                ("state", models.BinaryField()),
            ],
            options={
                "db_table": "store_state",
            },
        ),
        migrations.CreateModel(
            name="TaskRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "item", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="tasks",
                        to="store.caserecord",
                    ),
                ),
                ("item", models.TextField()),
                ("run", models.IntegerField()),
                ("kind", models.TextField()),
                ("state", models.TextField()),
                ("stage", models.TextField()),
                ("unit", models.TextField()),
                ("party", models.TextField()),
                ("role", models.TextField()),
                ("post", models.TextField()),
                ("started", models.BooleanField()),
                ("required", models.BooleanField()),
                ("since", models.BigIntegerField()),
                ("due", models.BigIntegerField(null=True)),
                ("promised", models.BigIntegerField(null=True)),
                ("stopped", models.BooleanField()),
            ],
            options={
                "db_table": "store_task",
                "indexes": [
                    models.Index(fields=["unit", "state", "due"], name="store_task_unit"),
                    models.Index(
                        condition=models.Q(("party", ""), _negated=True),
                        fields=["party", "due"],
                        name="store_task_party",
                    ),
                    models.Index(
                        condition=models.Q(("post", ""), _negated=True),
                        fields=["post", "due"],
                        name="store_task_post",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WakeRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "key", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="wakes",
                        to="store.caserecord",
                    ),
                ),
                ("key", models.TextField()),
                ("kind", models.TextField()),
                ("at", models.BigIntegerField()),
                ("lease_until", models.BigIntegerField(db_default=0, default=0)),
                ("lease_by", models.TextField(db_default="", default="")),
                ("tries", models.IntegerField(db_default=0, default=0)),
            ],
            options={
                "db_table": "store_wake",
                "indexes": [models.Index(fields=["at"], name="store_wake_at")],
            },
        ),
        migrations.CreateModel(
            name="PartyRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "role", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="roles",
                        to="store.caserecord",
                    ),
                ),
                ("role", models.TextField()),
                ("party", models.TextField()),
            ],
            options={
                "db_table": "store_party",
                "indexes": [models.Index(fields=["party"], name="store_party_party")],
            },
        ),
        migrations.CreateModel(
            name="ScenarioRecord",
            fields=[
                ("version", models.TextField(primary_key=True, serialize=False)),
                ("scenario", models.TextField()),
                ("archive", models.BinaryField()),
                ("stored", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_scenario",
                "indexes": [models.Index(fields=["scenario", "stored"], name="store_scenario_name")],
            },
        ),
        migrations.CreateModel(
            name="EntryRecord",
            fields=[
                ("position", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="entries",
                        to="store.caserecord",
                    ),
                ),
                ("seq", models.IntegerField()),
                ("recorded", models.BigIntegerField()),
                ("actor", models.TextField()),
                ("command", models.TextField()),
                ("command_key", models.TextField(unique=True)),
                ("digest", models.BinaryField()),
                ("events", models.TextField()),
                ("prev", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "store_entry",
                "constraints": [models.UniqueConstraint(fields=("case", "seq"), name="store_entry_case_seq")],
            },
        ),
        migrations.CreateModel(
            name="LookRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "seq", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="looks",
                        to="store.caserecord",
                    ),
                ),
                ("seq", models.IntegerField()),
                ("at", models.BigIntegerField()),
                ("actor", models.TextField()),
                ("post", models.TextField()),
                ("party", models.TextField()),
                ("fields", models.TextField()),
                ("purpose", models.TextField()),
                ("deferred_until", models.BigIntegerField(null=True)),
                ("ground", models.TextField()),
                ("approver", models.TextField()),
                ("prev", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "store_look",
                "indexes": [models.Index(fields=["post", "at"], name="store_look_post_at")],
            },
        ),
        migrations.CreateModel(
            name="LeafRecord",
            fields=[
                ("number", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry", models.BigIntegerField(unique=True)),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "store_leaf",
            },
        ),
        migrations.CreateModel(
            name="NodeRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "level", "number", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("level", models.IntegerField()),
                ("number", models.BigIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={
                "db_table": "store_node",
            },
        ),
        migrations.CreateModel(
            name="TreeHeadRecord",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False)),
                ("root", models.BinaryField()),
                ("at", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_tree_head",
            },
        ),
        migrations.CreateModel(
            name="KeyRecord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "case_id", "party", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("case_id", models.BigIntegerField()),
                ("party", models.TextField()),
                ("wrapped", models.BinaryField()),
                ("made", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_key",
            },
        ),
        migrations.CreateModel(
            name="ReceiptRecord",
            fields=[
                ("receipt", models.TextField(primary_key=True, serialize=False)),
                ("case_id", models.BigIntegerField()),
                ("hash", models.BinaryField()),
                ("made", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_receipt",
            },
        ),
        migrations.CreateModel(
            name="FileRecord",
            fields=[
                ("file", models.TextField(primary_key=True, serialize=False)),
                ("case_id", models.BigIntegerField(null=True)),
                ("party", models.TextField()),
                ("wrapped", models.BinaryField()),
                ("sha256", models.TextField()),
                ("size", models.BigIntegerField()),
                ("made", models.BigIntegerField()),
            ],
            options={
                "db_table": "store_file",
                "indexes": [
                    models.Index(fields=["case_id"], name="store_file_case"),
                    models.Index(
                        condition=models.Q(("case_id__isnull", True)),
                        fields=["made"],
                        name="store_file_draft",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="OutboxRecord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("key", models.TextField(unique=True)),
                ("case_id", models.BigIntegerField()),
                ("party", models.TextField()),
                ("unit", models.TextField()),
                ("notice", models.TextField()),
                ("title", models.TextField()),
                ("body", models.TextField()),
                ("made", models.BigIntegerField()),
                ("sent", models.BigIntegerField(null=True)),
            ],
            options={
                "db_table": "store_outbox",
                "indexes": [
                    models.Index(fields=["case_id"], name="store_outbox_case"),
                    models.Index(
                        condition=models.Q(("sent__isnull", True)),
                        fields=["made"],
                        name="store_outbox_waiting",
                    ),
                ],
            },
        ),
        migrations.RunPython(guard, migrations.RunPython.noop),
    ]
