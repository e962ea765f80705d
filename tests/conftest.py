"""What all tests share: which of them run, and what this machine lacks, said aloud.

Nothing of the product but ``zhuoli.cli.machine`` (standard library only) is imported here, so that the tests of
the core start at once.
"""

from __future__ import annotations

import gc
import os
import pwd
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import settings as hypothesis_settings

from zhuoli.cli import machine

# Speed is measured in benchmarks/, not timed in a test: a busy machine must not fail one.
hypothesis_settings.register_profile("untimed", deadline=None)
hypothesis_settings.load_profile("untimed")

LACKS = "this machine lacks "


class Need(NamedTuple):
    """Something that some tests need and a machine may lack."""

    title: str
    fixture: str
    found: str
    remedy: str


def _needs() -> dict[str, Need]:
    server = os.environ.get("ZHUOLI_TEST_DATABASE") or str(machine.find_postgresql() or "")
    return {
        "postgres": Need(
            "PostgreSQL",
            "postgres_server",
            server,
            "apt-get install postgresql, or ZHUOLI_TEST_DATABASE=postgresql://…",
        ),
        "browser": Need(
            "Chromium",
            "chromium",
            str(machine.find_chromium() or ""),
            "apt-get install chromium, or ZHUOLI_CHROMIUM=path",
        ),
        "spark": Need(
            "Spark",
            "spark",
            (shutil.which("java") or "") if find_spec("pyspark") else "",
            "pip install 'pyspark>=4' into .venv, and Java 17 or newer",
        ),
    }


NEEDS = _needs()


def _shield() -> str:
    """Keep the tests away from the data, the database and the keys of whoever runs them; return a folder."""
    for name in [name for name in os.environ if name.startswith("ZHUOLI_")]:
        if name not in ("ZHUOLI_TEST_DATABASE", "ZHUOLI_CHROMIUM"):
            del os.environ[name]
    folder = tempfile.mkdtemp(prefix="zhuoli-test-")
    os.environ.update(ZHUOLI_MODE="test", ZHUOLI_DATA=folder, DJANGO_SETTINGS_MODULE="zhuoli.settings")
    return folder


# At import: nothing of the product may read its settings before.
DATA = _shield()


def pytest_unconfigure() -> None:
    shutil.rmtree(DATA, ignore_errors=True)


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("zhuoli")
    group.addoption("--all", action="store_true", help="run the slow tests and those that need a network too")
    group.addoption(
        "--require",
        action="append",
        default=[],
        choices=sorted(NEEDS),
        help="fail at once where this is missing",
    )


def pytest_configure(config: pytest.Config) -> None:
    for name in config.getoption("--require"):
        if not NEEDS[name].found:
            raise pytest.UsageError(f"{LACKS}{NEEDS[name].title}: {NEEDS[name].remedy}")


def pytest_sessionstart(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return
    for need in NEEDS.values():
        if need.found:
            reporter.write_line(f"{need.title}: found")
        else:
            reporter.write_line(f"{need.title}: MISSING, its tests are skipped ({need.remedy})", yellow=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        for name, need in NEEDS.items():
            wanted = item.get_closest_marker(name) or need.fixture in getattr(item, "fixturenames", ())
            if wanted and not need.found:
                item.add_marker(pytest.mark.skip(reason=LACKS + need.title))
        if not config.getoption("--all"):
            for name in ("slow", "network"):
                if item.get_closest_marker(name):
                    item.add_marker(pytest.mark.skip(reason=f"{name}: run with --all"))


def pytest_collection_finish() -> None:
    """What was imported stays for the whole run: the collector need not look through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = Counter(
        report.longrepr[2].removeprefix("Skipped: ")
        for report in terminalreporter.getreports("skipped")
        if isinstance(report.longrepr, tuple)
    )
    if reasons:
        terminalreporter.section("skipped")
        for reason, count in sorted(reasons.items()):
            terminalreporter.write_line(f"{count} × {reason}", yellow=reason.startswith(LACKS))


@pytest.fixture(scope="session")
def run_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that all processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The path of the browser; the test is skipped where there is none."""
    return Path(NEEDS["browser"].found)


ROOM = 2 << 30
"""Bytes that a server of the tests may need at most."""


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of an empty database on a PostgreSQL server of the tests' own, gone afterwards.

    ZHUOLI_TEST_DATABASE names a server to use instead; its account must be allowed to create databases.
    """
    address = os.environ.get("ZHUOLI_TEST_DATABASE")
    if address:
        yield address
        return
    programs = Path(NEEDS["postgres"].found)
    # The server refuses to run as root.
    user = _unprivileged_user() if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="zhuoli-pg-", dir=_in_memory()))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)

    def call(*command: str) -> None:
        answer = subprocess.run(command, user=user, cwd=folder, capture_output=True, text=True, check=False)
        if answer.returncode:
            pytest.fail(f"{command[0]}: {answer.stdout}{answer.stderr}", pytrace=False)

    data = str(folder / "data")
    # No durability: the server lives as long as the tests.
    options = (
        f"-c listen_addresses='' -k {folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    )
    call(
        str(programs / "initdb"),
        "-D",
        data,
        "-A",
        "trust",
        "-U",
        "zhuoli",
        "-E",
        "UTF8",
        "--locale=C",
        "--no-sync",
    )
    try:
        call(
            str(programs / "pg_ctl"),
            "-D",
            data,
            "-w",
            "-s",
            "-l",
            str(folder / "log"),
            "-o",
            options,
            "start",
        )
        yield f"postgresql://zhuoli@/postgres?host={folder}"
    finally:
        subprocess.run(
            [str(programs / "pg_ctl"), "-D", data, "-m", "immediate", "-s", "stop"],
            user=user,
            cwd=folder,
            check=False,
        )
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgres(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a new, empty PostgreSQL database for one test."""
    import psycopg
    from psycopg import sql

    name = f"test_{os.getpid()}_{abs(hash(request.node.nodeid)):x}"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield psycopg.conninfo.make_conninfo(postgres_server, dbname=name)
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _in_memory() -> Path | None:
    """A folder in memory, where there is one with room enough: each test makes and drops a database of three hundred files, and a
    file system on disk (ext4) then looks long for a place among those that were just deleted."""
    place = Path("/dev/shm")
    try:
        return place if shutil.disk_usage(place).free >= ROOM else None
    except OSError:
        return None


def _unprivileged_user() -> str:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    pytest.skip(f"{LACKS}a user other than root")
