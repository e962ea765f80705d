"""``serve`` refuses to start half set up, says what is missing, and starts when nothing is."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from test_demo import ROOT, answer, environment, free_port, gone, offspring, zhuoli

from zhuoli.cli.serve import find_missing
from zhuoli.environment import read_environment


def new_secrets() -> dict[str, str]:
    done = zhuoli("serve", "--new-secrets")
    assert done.returncode == 0
    return dict(line.split("=", 1) for line in done.stdout.splitlines())


def test_everything_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    done = zhuoli("serve", ZHUOLI_DATA=str(tmp_path / "d"))
    assert done.returncode == 1
    for code in ("no_secret", "no_master_key", "no_hosts"):
        assert code in done.stderr
    assert "--new-secrets" in done.stderr
    assert not (tmp_path / "d").exists()


def test_new_secrets_are_enough_and_new_each_time() -> None:
    one, two = new_secrets(), new_secrets()
    assert one != two
    ready = read_environment({**one, "ZHUOLI_HOSTS": "zhuoli.example.gov.cn"})
    assert find_missing(ready) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"ZHUOLI_SECRET": "short"}, "no_secret"),
        ({"ZHUOLI_MASTER_KEY": "c2hvcnQ"}, "bad_master_key"),
        ({"ZHUOLI_HOSTS": " , "}, "no_hosts"),
    ],
)
def test_bad_values_are_missing_values(change: dict[str, str], code: str) -> None:
    values = {**new_secrets(), "ZHUOLI_HOSTS": "a.example", **change}
    assert [each.code for each in find_missing(read_environment(values))] == [code]


def test_an_unmigrated_database_is_refused_then_migrated_then_served(tmp_path: Path) -> None:
    values = {**new_secrets(), "ZHUOLI_HOSTS": "127.0.0.1", "ZHUOLI_DATA": str(tmp_path), "ZHUOLI_HTTPS": "0"}
    done = zhuoli("serve", **values)
    assert done.returncode == 1
    assert "not_migrated" in done.stderr
    assert "store.0001_initial" in done.stderr
    assert "--migrate" in done.stderr
    serve_and_stop(values)


def test_postgresql(postgres: str, tmp_path: Path) -> None:
    values = {
        **new_secrets(),
        "ZHUOLI_HOSTS": "127.0.0.1",
        "ZHUOLI_DATA": str(tmp_path),
        "ZHUOLI_HTTPS": "0",
        "ZHUOLI_DATABASE_URL": postgres,
    }
    assert "not_migrated" in zhuoli("serve", **values).stderr
    serve_and_stop(values)
    assert not (tmp_path / "zhuoli.sqlite3").exists()


def test_a_database_that_does_not_answer(tmp_path: Path) -> None:
    values = {
        **new_secrets(),
        "ZHUOLI_HOSTS": "127.0.0.1",
        "ZHUOLI_DATA": str(tmp_path),
        "ZHUOLI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
    }
    done = zhuoli("serve", **values)
    assert done.returncode == 1
    assert "no_database" in done.stderr
    assert "Traceback" not in done.stderr


def serve_and_stop(values: dict[str, str]) -> None:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "zhuoli", "serve", "--migrate", "--port", str(port), "--workers", "2"],
        cwd=ROOT,
        env=environment(**values),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert answer(port, "/healthz") == 200
        children = offspring(process.pid)
        assert len(children) >= 2
        taken = zhuoli("serve", "--port", str(port), **values)
        assert taken.returncode == 1
        assert "port_taken" in taken.stderr
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=30)
        assert process.returncode == 0, out
        assert "generated" in out
        assert all(gone(child) for child in children)
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()
