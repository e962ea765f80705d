"""Accounts: who may sign in, and as which post, by the commands that an operator types."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

Run = Callable[..., subprocess.CompletedProcess[str]]
POST = "street-620102001/officer"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the database of these tests lies."""
    return tmp_path_factory.mktemp("accounts")


@pytest.fixture(scope="module")
def run(folder: Path) -> Run:
    """Runs a command of the account group on a database with the units of one street."""
    environment = {
        **os.environ,
        "ZHUOLI_MODE": "test",
        "ZHUOLI_DATA": str(folder),
        "ZHUOLI_LANG": "en",
        "DJANGO_SETTINGS_MODULE": "zhuoli.settings",
    }
    made = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('migrate', verbosity=0)\n"
        "from zhuoli.office.directory import install_places\n"
        "from zhuoli.places import packaged_divisions\n"
        "here = ('62', '6201', '620102', '620102001')\n"
        "install_places(each for each in packaged_divisions() if each.prefix in here)\n"
    )
    subprocess.run([sys.executable, "-c", made], env=environment, check=True, cwd=Path(__file__).parents[2])

    def call(*words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "zhuoli", "account", *words],
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            check=False,
        )

    return call


def test_an_account_gets_a_post_loses_it_and_is_closed(run: Run) -> None:
    password = "a quiet long sentence"
    assert run("add", "wang", "--post", POST, "--password", password).returncode == 0
    (row,) = json.loads(run("list", "--json").stdout)
    assert (row["name"], row["active"], row["posts"]) == ("wang", True, [POST])
    (post,) = json.loads(run("posts", POST, "--json").stdout)
    assert post["account"] == "wang"

    assert run("add", "li", typed=f"{password}\n{password}\n").returncode == 0
    taken = run("hold", "li", POST)
    assert taken.returncode == 1
    assert "post_taken" in taken.stderr
    assert run("leave", POST).returncode == 0
    assert run("hold", "li", POST).returncode == 0
    assert run("close", "li").returncode == 0
    rows = {row["name"]: row for row in json.loads(run("list", "--json").stdout)}
    assert rows["li"]["active"] is False
    assert rows["li"]["posts"] == []


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("hold", "nobody", POST), "unknown_account"),
        (("leave", "no-such-post"), "unknown_post"),
        (("add", "zhao", "--post", "no-such-post", "--password", "a quiet long sentence"), "unknown_post"),
        (("add", "zhao", "--password", "12345678"), "weak_password"),
    ],
)
def test_mistakes_are_told_and_change_nothing(
    run: Run, folder: Path, words: tuple[str, ...], code: str
) -> None:
    with closing(sqlite3.connect(folder / "zhuoli.sqlite3")) as database:
        before = list(database.iterdump())
        done = run(*words)
        assert done.returncode == 1
        assert code in done.stderr
        assert "Traceback" not in done.stderr
        assert list(database.iterdump()) == before
