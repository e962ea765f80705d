"""A fresh database for a test, on SQLite and on PostgreSQL: the same tests run on both.

    from tests.store.databases import alias, office  # noqa: F401

``alias`` is the name of Django's connection. Each test has its own copy of a migrated template, because nothing
could empty the ledger's tables afterwards.
"""

from __future__ import annotations

import itertools
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django
import pytest
from django.core.management import call_command
from django.db import connections

django.setup()

from tests.core.case.lamp import START, lamp, t  # noqa: E402
from tests.once import made_once  # noqa: E402

from zhuoli.core.case import commands as c  # noqa: E402
from zhuoli.core.case.examples import ExampleDirectory  # noqa: E402
from zhuoli.core.case.facts import Actor  # noqa: E402
from zhuoli.core.scenario import model as m  # noqa: E402
from zhuoli.core.worktime import statutory_calendar  # noqa: E402
from zhuoli.office.handle import Handled, Office, Request  # noqa: E402
from zhuoli.office.one_time_codes import OneTimeCodes  # noqa: E402
from zhuoli.settings import DATABASES  # noqa: E402
from zhuoli.store.files import FileStore  # noqa: E402

_numbers = itertools.count(1)
REQUESTER = Actor(kind="party", party="p-requester")
PHONE = "13909310000"


def connect(alias: str, **changes: Any) -> None:
    """Give Django another database under a name."""
    new = connections.configure_settings({"default": {**DATABASES["default"], **changes}})["default"]
    connections.settings[alias] = new


def disconnect(alias: str) -> None:
    connections[alias].close()
    del connections[alias]
    del connections.settings[alias]


def _migrate(alias: str) -> None:
    call_command("migrate", database=alias, verbosity=0, interactive=False, skip_checks=True)
    connections[alias].close()


def postgres_settings(address: str) -> dict[str, Any]:
    from psycopg.conninfo import conninfo_to_dict

    parts = conninfo_to_dict(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts["dbname"],
        "USER": parts.get("user", ""),
        "PASSWORD": parts.get("password", ""),
        "HOST": parts.get("host", ""),
        "PORT": str(parts.get("port", "")),
        "OPTIONS": {},
        "CONN_HEALTH_CHECKS": False,
    }


def sqlite_settings(path: Path) -> dict[str, Any]:
    return {**DATABASES["default"], "ENGINE": "django.db.backends.sqlite3", "NAME": path}


@pytest.fixture(scope="session")
def sqlite_template(run_folder: Path) -> Path:
    """A migrated SQLite database."""
    return made_once(run_folder / "migrated.sqlite3", _make_template)


def _make_template(path: Path) -> None:
    connect("template", **sqlite_settings(path))
    _migrate("template")
    connections["template"].ensure_connection()
    with connections["template"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    disconnect("template")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """A migrated PostgreSQL database; new ones are made from it."""
    import psycopg

    name = f"template_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        connect("template", **postgres_settings(psycopg.conninfo.make_conninfo(postgres_server, dbname=name)))
        _migrate("template")
        disconnect("template")
        yield name
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Django's settings of a fresh, migrated database."""
    if request.param == "sqlite":
        path = tmp_path / "case.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield sqlite_settings(path)
        return
    import psycopg

    server = request.getfixturevalue("postgres_server")
    template = request.getfixturevalue("postgres_template")
    name = f"test_{os.getpid()}_{next(_numbers)}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield postgres_settings(psycopg.conninfo.make_conninfo(server, dbname=name))
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def alias(database: dict[str, Any]) -> Iterator[str]:
    """The name of a connection to a fresh database."""
    name = f"test{next(_numbers)}"
    connect(name, **database)
    yield name
    disconnect(name)


class Clock:
    """A clock that tests move."""

    def __init__(self, now: int = START) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class TestOffice(Office):
    """An office with a clock that stands still, one scenario, and short ways to do things."""

    __test__ = False
    clock: Clock

    def key(self) -> str:
        return f"test-key-{next(_numbers):06d}"

    def open(self, **changes: Any) -> Handled:
        return self.handle(self.opening(**changes))

    def opening(self, **changes: Any) -> Request:
        answers = {
            "kind": "street",
            "place": "620102001000",
            "pole": 7,
            "phone": PHONE,
            **changes.pop("answers", {}),
        }
        key = changes.pop("key", None) or self.key()
        actor = changes.pop("actor", REQUESTER)
        fields = {"receipt": "", "channel": "web", "parties": {"requester": "p-requester"}, **changes}
        return Request(key=key, scenario="lamp", actor=actor, command=c.Open(answers=answers, **fields))

    def do(
        self, case: int | Handled, command: c.AnyCommand, who: str | Actor = "lead", **more: Any
    ) -> Handled:
        return self.handle(self.asking(case, command, who, **more))

    def asking(
        self, case: int | Handled, command: c.AnyCommand, who: str | Actor = "lead", **more: Any
    ) -> Request:
        number = case if isinstance(case, int) else case.case
        actors = {
            "lead": Actor(kind="post", unit="lamps@620102", post="post-1", roles=("officer", "electrician")),
            "dispatcher": Actor(kind="post", unit="dispatch@6201", post="post-2", roles=("dispatcher",)),
            "requester": REQUESTER,
            "system": Actor(kind="system"),
        }
        actor = who if isinstance(who, Actor) else actors[who]
        return Request(
            key=more.pop("key", None) or self.key(), command=command, actor=actor, case=number, **more
        )


def scenario(**changes: Any) -> m.Scenario:
    """The lamp, with purposes, a notice and a capability that files it."""
    return lamp(
        **{
            "privacy": m.Privacy(
                purposes={
                    "call_back": m.Purpose(title=t("call back"), fields=("form.phone",)),
                    "visit": m.Purpose(title=t("visit"), fields=("form.place",)),
                },
                retention="24 months",
            ),
            "notices": {
                "told": m.Notice(
                    title=t("Told"),
                    body=t("{{case.receipt}} {{case.unit}} {{form.kind}} {{form.phone}} {{case.promised}}"),
                )
            },
            **changes,
        }
    )


def make_office(alias: str, folder: Path, *scenarios: m.Scenario) -> TestOffice:
    office = TestOffice(
        scenarios or [scenario()], ExampleDirectory(), statutory_calendar(), clock=Clock(), alias=alias
    )
    office.signing = OneTimeCodes(office)
    office.files = FileStore(folder / "files", office.ring, alias)
    return office


@pytest.fixture
def office(alias: str, tmp_path: Path) -> TestOffice:
    """An office on a fresh database."""
    return make_office(alias, tmp_path)


def in_threads(count: int, work: Any, alias: str) -> list[Any]:
    """Run ``work(number)`` in threads at once; return results, or the exceptions that came instead."""
    results: list[Any] = [None] * count
    ready = threading.Barrier(count)

    def run(number: int) -> None:
        try:
            ready.wait()
            results[number] = work(number)
        except Exception as error:  # noqa: BLE001 - handed to the test
            results[number] = error
        finally:
            connections[alias].close()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results
