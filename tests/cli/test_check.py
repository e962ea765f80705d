"""The machine check: what it finds, on machines that lack something."""

from __future__ import annotations

import json
import socket
from collections import namedtuple
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhuoli.cli import check, machine_checks
from zhuoli.cli.check import Finding
from zhuoli.core.text import Text


def only(name: str) -> Finding:
    (finding,) = check.findings([f"zhuoli.cli.machine_checks:{name}"])
    return finding


def broken() -> Iterator[Finding]:
    raise RuntimeError("the disk fell out")


def fine() -> Iterator[Finding]:
    yield Finding(name="fine", status="ok", message=Text("好", "fine"))


def lacking() -> Iterator[Finding]:
    yield Finding(
        name="lacking",
        status="failure",
        message=Text("缺", "lacking"),
        remedy=Text("装", "install it"),
        detail={"n": 0},
    )


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "checks_of_this_test", sys.modules[__name__])
    sys.modules[__name__].__spec__ = sys.modules[__name__].__spec__ or object()  # type: ignore[assignment]


def test_this_machine_passes_and_everything_else_has_a_remedy() -> None:
    found = list(check.findings())
    assert len(found) == len(check.CHECKS)
    for finding in found:
        assert (finding.remedy is None) == (finding.status == "ok"), finding
        assert finding.message.zh
        assert finding.message.en
    by_name = {finding.name: finding for finding in found}
    assert by_name["packages"].status == "ok"
    assert by_name["sqlite"].detail["wal"] is True
    assert by_name["time"].status == "ok"


def test_a_broken_check_is_a_finding_and_the_others_still_run(ours: None) -> None:
    first, second = check.findings(["checks_of_this_test:broken", "checks_of_this_test:fine"])
    assert first.status == "failure"
    assert "the disk fell out" in first.message.en
    assert second.name == "fine"


def test_a_check_of_a_part_that_is_not_there_is_passed_over() -> None:
    assert list(check.findings(["zhuoli.no_such_part.at_all:check"])) == []


def test_json_and_exit_code(ours: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        check.findings, "__defaults__", (("checks_of_this_test:lacking", "checks_of_this_test:fine"),)
    )
    done = CliRunner().invoke(check.check, ["--json"])
    answer = json.loads(done.stdout)
    assert done.exit_code == 1
    assert answer["ready"] is False
    assert [finding["name"] for finding in answer["findings"]] == ["lacking", "fine"]
    assert answer["findings"][0]["detail"] == {"n": 0}
    spoken = CliRunner().invoke(check.check, [], env={"ZHUOLI_LANG": "en"})
    assert spoken.exit_code == 1
    assert "→ install it" in spoken.stdout
    monkeypatch.setattr(check.findings, "__defaults__", (("checks_of_this_test:fine",),))
    assert CliRunner().invoke(check.check, []).exit_code == 0


def test_a_port_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("ZHUOLI_PORT", str(taken.getsockname()[1]))
        assert only("port").status == "warning"
    assert only("port").status == "ok"


@pytest.mark.parametrize(
    ("free", "status"), [(5_000_000_000, "ok"), (999_999_999, "warning"), (199_999_999, "failure")]
)
def test_room_on_the_disk(free: int, status: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(machine_checks.shutil, "disk_usage", lambda place: usage(10**12, 0, free))
    assert only("disk").status == status


def test_packages_other_than_locked(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(machine_checks, "ROOT", tmp_path)
    assert only("packages").status == "failure"
    lock = tmp_path / "requirements.lock"
    lock.write_text("click==0.1 \\\n    --hash=sha256:00\nno-such-package==1 ; sys_platform == 'win32' \\\n")
    assert (only("packages").status, only("packages").detail["locked"]) == ("warning", 1)
    lock.write_text("no-such-package==1 \\\n    --hash=sha256:00\n    # via\n")
    assert only("packages").status == "failure"


def test_an_old_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks.sqlite3, "sqlite_version_info", (3, 34, 1))
    assert only("sqlite").status == "failure"


def test_postgresql_that_answers_and_one_that_does_not(
    postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZHUOLI_DATABASE_URL", postgres)
    assert only("postgresql").status == "ok"
    monkeypatch.setenv("ZHUOLI_DATABASE_URL", "postgresql://nobody@127.0.0.1:9/nothing")
    assert only("postgresql").detail == {"configured": True, "reachable": False}


def test_browser_and_font_missing_are_notes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine_checks.machine, "find_chromium", lambda: None)
    monkeypatch.setattr(machine_checks.machine, "find_cjk_font", lambda: None)
    assert (only("browser").status, only("fonts").status) == ("note", "note")
