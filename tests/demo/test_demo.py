"""The demonstration as people start it: made, verified, started again, killed, refused."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from zhuoli.core.scenario.shelf import folder_names

ROOT = Path(__file__).resolve().parents[2]
DAYS = "3"


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHUOLI_")}
    kept.pop("DJANGO_SETTINGS_MODULE", None)
    return {**kept, "LC_ALL": "C.UTF-8", "ZHUOLI_LANG": "en", **more}


def zhuoli(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-P", "-m", "zhuoli", *arguments],
        cwd=ROOT,
        env=environment(**more),
        capture_output=True,
        text=True,
        timeout=300,  # a city takes 18 s of processor time, and a busy machine many times that
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def begin(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-P", "-m", "zhuoli", "demo", *arguments],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    process = begin(*arguments)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def answer(port: int, path: str, seconds: float = 60) -> int:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", path)
            status = connection.getresponse().status
            connection.close()
        except OSError:
            time.sleep(0.1)
        else:
            return status
    raise AssertionError(f"no answer on port {port} in {seconds} s")


def hear(process: subprocess.Popen[str], word: str) -> str:
    """Read what a demonstration says until it says a word; from then on it serves, and ends when told to."""
    assert process.stdout is not None
    heard = []
    for line in process.stdout:
        heard.append(line)
        if word in line:
            return "".join(heard)
    raise AssertionError("".join(heard))


def gone(pid: int, seconds: float = 15) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            os.kill(pid, 0)
            if Path(f"/proc/{pid}/stat").read_text().split()[2] == "Z":
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
        time.sleep(0.1)
    return False


def offspring(pid: int) -> list[int]:
    """Return every process below one, from /proc."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found: list[int] = []
    queue = [pid]
    while queue:
        below = parents.get(queue.pop(), [])
        found += below
        queue += below
    return found


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A city of three days, made by the command, whatever database the surroundings name."""
    data = tmp_path_factory.mktemp("demo") / "city"
    outer = "postgresql://nobody:x@127.0.0.1:1/none"
    done = zhuoli("demo", "--no-serve", "--days", DAYS, "--data", str(data), ZHUOLI_DATABASE_URL=outer)
    assert done.returncode == 0, done.stderr
    return data


def ledger(city: Path, command: str) -> Any:
    keys = json.loads((city / "secrets.json").read_text())
    done = zhuoli(
        "ledger",
        command,
        "--json",
        ZHUOLI_MODE="demo",
        ZHUOLI_DATA=str(city),
        ZHUOLI_MASTER_KEY=keys["master_key"],
        ZHUOLI_SECRET=keys["secret"],
        DJANGO_SETTINGS_MODULE="zhuoli.settings",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_the_mark_says_what_was_made(city: Path) -> None:
    mark = json.loads((city / "demo.json").read_text())
    assert mark["days"] == int(DAYS)
    assert mark["cases"] > 60
    # The notes of villages and what a night's models have just found are one entry each.
    assert mark["entries"] > mark["cases"] + 60
    assert abs(mark["ended"] / 1000 - time.time()) < 600
    assert mark["ended"] - mark["began"] == int(DAYS) * 86_400_000
    shelf = set(folder_names(ROOT / "scenarios"))
    sampled = {sample["scenario"] for sample in mark["samples"]}
    assert {"public_need", "exam_id_green_channel", "enterprise_problem_list"} <= sampled <= shelf


def test_the_ledger_verifies_and_replays(city: Path) -> None:
    mark = json.loads((city / "demo.json").read_text())
    verified = ledger(city, "verify")
    assert verified["good"] is True
    assert verified["entries"] == mark["entries"]
    assert verified["cases"] == mark["cases"]
    assert verified["looks"] > 5  # officers read what was written, and that is recorded
    replayed = ledger(city, "replay")
    assert replayed["equal"] is True
    assert replayed["cases"] == mark["cases"]


def test_keys_are_the_owners_alone_and_stay(city: Path) -> None:
    place = city / "secrets.json"
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    keys = json.loads(place.read_text())
    assert len(keys["secret"]) >= 50
    assert len(keys["master_key"]) == 43


def test_it_starts_again_serves_and_ends_cleanly(city: Path) -> None:
    before = (city / "demo.json").read_text()
    port = free_port()
    started = time.monotonic()
    with running("--data", str(city), "--port", str(port)) as process:
        assert answer(port, "/healthz") == 200
        assert time.monotonic() - started < 60  # measured 2.5 s; this machine may be busy
        assert answer(port, "/zh/") == 200
        children = offspring(process.pid)
        assert len(children) >= 3

        second = zhuoli("demo", "--data", str(city), "--port", str(free_port()))
        assert second.returncode == 1
        assert "folder_taken" in second.stderr
        assert str(process.pid) in second.stderr

        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in out
    assert f"http://127.0.0.1:{port}/en/" in out
    assert "Stopped." in out
    assert all(gone(child) for child in children)
    assert (city / "demo.json").read_text() == before


def test_nothing_is_left_behind_by_a_kill_and_it_starts_again(city: Path) -> None:
    port = free_port()
    with running("--data", str(city), "--port", str(port)) as process:
        assert answer(port, "/healthz") == 200
        children = offspring(process.pid)
        assert children
        process.kill()
        process.wait()
        # At once: the port may still be held for a moment by those who are about to notice.
        with running("--data", str(city), "--port", str(port)) as again:
            # What answers in the first moments may still be the server of the one that was killed.
            hear(again, "Ctrl-C")
            assert all(gone(child) for child in children)
            assert answer(port, "/healthz") == 200
            again.send_signal(signal.SIGTERM)
            again.communicate(timeout=30)
            assert again.returncode == 0


def test_the_city_lives_on_survives_a_kill_and_stops_cleanly(city: Path) -> None:
    port = free_port()
    before = ledger(city, "verify")["entries"]
    with running(
        "--port", str(port), "--data", str(city), "--days", DAYS, "--live", "--pace", "120"
    ) as process:
        assert answer(port, "/zh/") == 200
        alive = _living(process.pid)
        os.kill(alive, signal.SIGKILL)
        assert gone(alive)
        again = _living(process.pid, other_than=alive)
        _until_written(city, before)
        assert answer(port, "/zh/figures/") == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 0
        assert gone(again)
    found = ledger(city, "verify")
    assert found["faults"] == []
    assert found["entries"] > before
    assert ledger(city, "replay")["difference_count"] == 0


def _until_written(city: Path, before: int, seconds: float = 60) -> None:
    """Wait until the ledger has more entries than before."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with closing(sqlite3.connect(f"file:{city / 'zhuoli.sqlite3'}?mode=ro", uri=True)) as database:
            if database.execute("SELECT count(*) FROM store_entry").fetchone()[0] > before:
                return
        time.sleep(0.2)
    raise AssertionError("nothing was written")


def _living(parent: int, other_than: int = 0, seconds: float = 40) -> int:
    """Return the process in which the city lives."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for pid in offspring(parent):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if b"live" in words and pid != other_than:
                return pid
        time.sleep(0.1)
    raise AssertionError("the city does not live")


@pytest.mark.parametrize("pace", ["0", "121", "fast", "-3", ""])
def test_an_impossible_pace_is_refused_with_what_is_possible(pace: str, tmp_path: Path) -> None:
    done = zhuoli("demo", "--live", "--pace", pace, "--data", str(tmp_path / "d"))
    assert done.returncode == 2
    assert "real" in done.stderr
    assert not (tmp_path / "d").exists()


def test_a_taken_port_is_said_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        port = holder.getsockname()[1]
        done = zhuoli("demo", "--data", str(tmp_path / "d"), "--port", str(port), "--days", "1")
    assert done.returncode == 1
    assert "port_taken" in done.stderr
    assert f"Port {port} cannot be used" in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert not (tmp_path / "d" / "zhuoli.sqlite3").exists()


def test_a_killed_beginning_is_begun_afresh(tmp_path: Path) -> None:
    data = tmp_path / "half"
    process = begin("--no-serve", "--days", "60", "--data", str(data))
    until = time.monotonic() + 60
    # The log of the ledger's file grows only once life has begun.
    while time.monotonic() < until and not (data / "files").exists():
        time.sleep(0.05)
    assert (data / "files").exists()
    process.kill()
    process.communicate()
    assert not (data / "demo.json").exists()
    keys = (data / "secrets.json").read_text()

    done = zhuoli("demo", "--no-serve", "--days", "1", "--data", str(data))
    assert done.returncode == 0, done.stderr
    assert "interrupted" in done.stderr
    assert (data / "secrets.json").read_text() == keys
    assert ledger(data, "verify")["entries"] == json.loads((data / "demo.json").read_text())["entries"]


def test_an_interrupted_beginning_says_so_without_a_traceback(tmp_path: Path) -> None:
    data = tmp_path / "stopped"
    process = begin("--no-serve", "--days", "60", "--data", str(data))
    until = time.monotonic() + 60
    while time.monotonic() < until and not (data / "files").exists():
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "Stopped." in out
    assert "Traceback" not in out
    assert not (data / "demo.json").exists()


def test_other_peoples_folders_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("important")
    (tmp_path / "files").mkdir()
    done = zhuoli("demo", "--no-serve", "--reset", "--data", str(tmp_path), "--days", "1")
    assert done.returncode == 1
    assert "not_a_demo" in done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["files", "mine.txt"]


def test_another_seed_is_not_taken_silently(city: Path) -> None:
    before = (city / "demo.json").read_text()
    done = zhuoli("demo", "--no-serve", "--days", "9", "--seed", "1", "--data", str(city))
    assert done.returncode == 0
    assert "--reset" in done.stderr
    assert (city / "demo.json").read_text() == before


def test_an_outer_database_is_never_touched(city: Path) -> None:
    with closing(sqlite3.connect(f"file:{city / 'zhuoli.sqlite3'}?mode=ro", uri=True)) as database:
        [cases] = database.execute("SELECT count(*) FROM store_case").fetchone()
    assert cases >= json.loads((city / "demo.json").read_text())["cases"]


def fingerprint(data: Path, seed: int) -> Any:
    data.mkdir()
    begun = data.parent / "begun.sqlite3"
    done = subprocess.run(
        [sys.executable, "-P", str(Path(__file__).parent / "fingerprint.py"), str(seed), "2", str(begun)],
        env=environment(ZHUOLI_MODE="demo", ZHUOLI_DATA=str(data), DJANGO_SETTINGS_MODULE="zhuoli.settings"),
        capture_output=True,
        text=True,
        timeout=300,  # a city takes 18 s of processor time, and a busy machine many times that
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_same_seed_and_moment_give_the_same_ledger(tmp_path: Path) -> None:
    one, two = fingerprint(tmp_path / "one", 5), fingerprint(tmp_path / "two", 5)
    assert one["digest"] == two["digest"]
    assert one["cases"] == two["cases"]
    assert one["stories"] > 20
    assert one["files"] > 10
    assert one["drafts"] < one["files"] / 4
    # The directory of the database is the one that the list gives.
    assert (one["territories"], one["units"], one["places"]) == (19_224, 5_861, 19_224)
    assert one["version"] == two["version"]
    assert one["responsible"] == "station-620102001"
