"""The ledger's commands, as an operator types them, on a database of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.store.databases import connect, disconnect, make_office

from zhuoli.core.case import commands as c
from zhuoli.environment import ROOT
from zhuoli.store.keys import MasterKey


@pytest.fixture
def ledger(database: dict[str, Any], tmp_path: Path) -> Any:
    """Run ``./zhuoli ledger …`` in a process of its own; three cases are there."""
    # As people run it: nothing in the environment that only the tests know.
    shell = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "ZHUOLI_"))}
    environment = {**shell, "ZHUOLI_MODE": "test", "ZHUOLI_DATA": str(tmp_path), "ZHUOLI_LANG": "en"}
    if database["ENGINE"].endswith("sqlite3"):
        Path(database["NAME"]).rename(tmp_path / "zhuoli.sqlite3")
        database = {**database, "NAME": tmp_path / "zhuoli.sqlite3"}
    else:
        address = f"dbname={database['NAME']} user={database['USER']} host={database['HOST']} port={database['PORT']}"
        environment["ZHUOLI_DATABASE_URL"] = address
    connect("cli", **database)
    office = make_office("cli", tmp_path)
    cases = [office.open().case for _ in range(3)]
    office.do(cases[0], c.Accept())
    disconnect("cli")

    def run(*arguments: str, code: int = 0) -> str:
        command = [sys.executable, "-P", "-m", "zhuoli", "ledger", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr + done.stdout
        return done.stdout + done.stderr

    run.cases = cases  # type: ignore[attr-defined]
    run.vendor = database["ENGINE"]  # type: ignore[attr-defined]
    return run


def test_verify_replay_seal_and_prove(ledger: Any, tmp_path: Path) -> None:
    before = json.loads(ledger("verify", "--json"))
    assert (before["good"], before["entries"], before["cases"], before["unsealed"]) == (True, 4, 3, 4)
    assert "no_head" in ledger("prove", str(ledger.cases[0]), "2", code=1)
    sealed = json.loads(ledger("seal", "--json"))
    assert (sealed["added"], sealed["head"]["tree_size"]) == (4, 4)
    line = (tmp_path / "tree-heads.jsonl").read_text()
    assert json.loads(line) == sealed["head"]
    proof = json.loads(ledger("prove", str(ledger.cases[0]), "2", "--json"))
    assert proof["head"] == sealed["head"]
    assert proof["text"].startswith(f"zhuoli entry 1\n{ledger.cases[0]}\n2\n")
    assert json.loads(ledger("consistency", "4", "--json"))["consistent"] is True
    replayed = json.loads(ledger("replay", "--json"))
    assert (replayed["equal"], replayed["entries"]) == (True, 4)
    assert "Nothing is wrong" in ledger("verify")


def test_trouble_is_said_with_an_exit_code(ledger: Any, tmp_path: Path) -> None:
    ledger("seal")
    assert "no_entry" in ledger("prove", "5", "1", code=1)
    (tmp_path / "tree-heads.jsonl").write_text('{"tree_size":9,"root_hash":"00","timestamp":1}\n')
    found = json.loads(ledger("verify", "--json", code=1))
    assert [fault["kind"] for fault in found["faults"]] == ["head_differs"]
    assert "set back" in ledger("verify", code=1)


def test_a_key_is_made_and_the_role_is_written(ledger: Any) -> None:
    import base64

    text = ledger("key").strip()
    MasterKey(base64.urlsafe_b64decode(text + "="))
    if ledger.vendor.endswith("sqlite3"):
        assert "not_postgresql" in ledger("grant", code=1)
    else:
        granted = ledger("grant", "--role", "clerk")
        assert "GRANT INSERT ON store_entry" in granted
        assert "UPDATE, DELETE ON store_entry" not in granted


def test_an_empty_database_is_said(tmp_path: Path) -> None:
    shell = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "ZHUOLI_"))}
    for words in (("ledger", "verify"), ("worker", "--once")):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "zhuoli", *words],
            cwd=ROOT,
            env={**shell, "ZHUOLI_MODE": "test", "ZHUOLI_DATA": str(tmp_path), "ZHUOLI_LANG": "en"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 1
        assert "no_tables" in done.stderr
        assert "--migrate" in done.stderr
