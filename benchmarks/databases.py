"""Fresh databases in a known state for benchmarks: SQLite files, and PostgreSQL databases copied from a template.

PostgreSQL is the server at ZHUOLI_TEST_DATABASE, or at 127.0.0.1:5432. Import this before anything of the product: it says
where its settings are.
"""

from __future__ import annotations

import itertools
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))
os.environ.update(
    ZHUOLI_MODE="test", ZHUOLI_DATA=tempfile.gettempdir(), DJANGO_SETTINGS_MODULE="zhuoli.settings"
)

import psycopg
from django.db import connections
from tests.store.databases import _migrate, connect, disconnect, postgres_settings, sqlite_settings

SERVER = os.environ.get("ZHUOLI_TEST_DATABASE", "postgresql://postgres@127.0.0.1:5432/postgres")


class Databases:
    """Fresh databases in a known state: SQLite files and PostgreSQL databases copied from a template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._numbers = itertools.count()
        self._made: list[str] = []
        self.template = folder / "template.sqlite3"
        connect("template", **sqlite_settings(self.template))
        _migrate("template")
        with connections["template"].cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        disconnect("template")
        try:
            self.server: psycopg.Connection[Any] | None = psycopg.connect(SERVER, autocommit=True)
        except psycopg.OperationalError as error:
            print(f"no PostgreSQL at {SERVER}: {error}", file=sys.stderr)
            self.server = None
        else:
            self._postgres_template = f"zhuoli_bench_{os.getpid()}"
            self._create(self._postgres_template)
            connect("template", **self._address(self._postgres_template))
            _migrate("template")
            disconnect("template")

    def fresh(self, kind: str) -> dict[str, Any]:
        """Return the settings of a new database; ``kind`` is ``NORMAL``, ``FULL`` (SQLite) or ``postgresql``."""
        number = next(self._numbers)
        if kind == "postgresql":
            name = f"{self._postgres_template}_{number}"
            self._create(name, f" TEMPLATE {self._postgres_template}")
            return self._address(name)
        path = self.folder / f"{number}.sqlite3"
        shutil.copy(self.template, path)
        settings = sqlite_settings(path)
        options = settings["OPTIONS"]
        init = options["init_command"].replace("synchronous=NORMAL", f"synchronous={kind}")
        return {**settings, "OPTIONS": {**options, "init_command": init}}

    def close(self) -> None:
        """Drop what was made."""
        if self.server is not None:
            for name in reversed(self._made):
                self.server.execute(f"DROP DATABASE {name} WITH (FORCE)")
            self.server.close()

    def drop(self, settings: dict[str, Any]) -> None:
        """Drop one database, so that none competes for memory."""
        if settings["ENGINE"].endswith("sqlite3"):
            for place in self.folder.glob(f"{Path(settings['NAME']).name}*"):
                place.unlink()
        elif self.server is not None:
            self._made.remove(settings["NAME"])
            self.server.execute(f"DROP DATABASE {settings['NAME']} WITH (FORCE)")

    def _create(self, name: str, rest: str = "") -> None:
        assert self.server is not None
        self.server.execute(f"CREATE DATABASE {name}{rest}")
        self._made.append(name)

    def _address(self, name: str) -> dict[str, Any]:
        return postgres_settings(psycopg.conninfo.make_conninfo(SERVER, dbname=name))
