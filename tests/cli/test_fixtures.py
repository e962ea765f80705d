"""The shared fixtures do what they promise, on a machine that has the programs."""

from __future__ import annotations

import subprocess
from pathlib import Path

import psycopg


def test_each_test_has_an_empty_database_of_its_own(postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        assert connection.info.server_version >= 14_00_00
        connection.execute("CREATE TABLE 案件 (名 text)")
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (1,)


def test_nothing_is_left_from_another_test(postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        assert connection.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        ).fetchone() == (0,)
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)


def test_chromium_runs(chromium: Path) -> None:
    answer = subprocess.run([chromium, "--version"], capture_output=True, text=True, check=True)
    assert answer.stdout.strip()[-1].isdigit() or "." in answer.stdout
