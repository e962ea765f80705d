"""The application's role on PostgreSQL: it owns nothing, and may only add to what is append-only."""

from __future__ import annotations

import re

from django.apps import apps
from django.db import connections

from zhuoli.core.text import Text
from zhuoli.store.verify import APPEND_ONLY

_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


class RoleError(Exception):
    """The role cannot be made."""

    def __init__(self, code: str, text: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code, self.text, self.remedy = code, text, remedy


def role_sql(role: str, alias: str = "default") -> list[str]:
    """Return the statements that make a role and grant it what the application needs.

    Raises:
        RoleError: the name is no plain identifier, or the database is not PostgreSQL.
    """
    if not _NAME.fullmatch(role):
        raise RoleError(
            "bad_role",
            Text(f"“{role}”不能作为角色名。", f"“{role}” cannot be the name of a role."),
            Text("用小写字母、数字和下划线。", "Use lower-case letters, digits and underscores."),
        )
    if connections[alias].vendor != "postgresql":
        raise RoleError(
            "not_postgresql",
            Text("只有 PostgreSQL 有角色。", "Only PostgreSQL has roles."),
            Text(
                "SQLite 的账本由触发器和文件权限保护。",
                "On SQLite the ledger is guarded by triggers and the rights of its file.",
            ),
        )
    tables = sorted({model._meta.db_table for model in apps.get_models()} | {"django_migrations"})
    changed = [table for table in tables if table not in APPEND_ONLY and table != "django_migrations"]
    return [
        f"DO $body$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $body$",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {role}",
        f"GRANT USAGE ON SCHEMA public TO {role}",
        f"GRANT SELECT ON {', '.join(tables)} TO {role}",
        f"GRANT INSERT ON {', '.join([*APPEND_ONLY, *changed])} TO {role}",
        f"GRANT UPDATE, DELETE ON {', '.join(changed)} TO {role}",
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}",
    ]


def apply_role(role: str, alias: str = "default") -> None:
    """Execute ``role_sql``; the connection must be the owner's.

    Raises:
        RoleError: see ``role_sql``.
    """
    statements = role_sql(role, alias)
    with connections[alias].cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
