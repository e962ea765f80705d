"""An import that is killed with -9 at any step leaves the old rows, or has published the new ones; never anything between."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from zhuoli.lake.folder import Busy, RegisterFolder
from zhuoli.lake.history import history
from zhuoli.lake.importing import import_file
from zhuoli.lake.reading import connect

from .helpers import NOW, TOWN_ROWS, registers

ROOT = Path(__file__).parents[2]
STEPS = ["checking", "together", "written", "named", "ready", "published"]


def names(place: Path) -> list[str]:
    connection = connect(place / "lake", registers(place).values(), threads=1)
    return [row[0] for row in connection.sql("SELECT name FROM towns ORDER BY code").fetchall()]


def started(place: Path, later: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.lake.killed", str(place), str(place / "new.csv"), str(later)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def test_a_killed_import_leaves_the_old_rows(tmp_path: Path) -> None:
    (tmp_path / "old.csv").write_text(TOWN_ROWS, encoding="utf-8")
    (tmp_path / "new.csv").write_text("code,name\n620105001000,丙镇\n", encoding="utf-8")
    import_file(tmp_path / "lake", registers(tmp_path), "towns", tmp_path / "old.csv", now=NOW)
    for number, step in enumerate(STEPS, start=1):
        child = started(tmp_path, number)
        assert child.stdin is not None
        assert child.stdout is not None
        for line in child.stdout:
            if line.strip() == step:
                if step == "checking":
                    with pytest.raises(Busy):
                        import_file(
                            tmp_path / "lake",
                            registers(tmp_path),
                            "towns",
                            tmp_path / "new.csv",
                            now=NOW + 50,
                        )
                child.send_signal(signal.SIGKILL)
                break
            child.stdin.write("\n")
            child.stdin.flush()
        else:
            pytest.fail(f"the step {step} was never told")
        assert child.wait() == -signal.SIGKILL
        child.stdin.close()
        child.stdout.close()
        assert names(tmp_path) == (["丙镇"] if step == "published" else ["甲镇", "乙镇"]), step
        told = [one.past.file for one in history(tmp_path / "lake", "towns")]
        assert told == (["new.csv", "old.csv"] if step == "published" else ["old.csv"]), step
    # What the killed ones left is swept by the next one; what counted before it began stays for its readers.
    (tmp_path / "last.csv").write_text("code,name\n620105001000,丁镇\n", encoding="utf-8")
    import_file(tmp_path / "lake", registers(tmp_path), "towns", tmp_path / "last.csv", now=NOW + 100)
    folder = RegisterFolder(tmp_path / "lake", "towns").path
    left = sorted(path.name.partition("-")[0][-3:] for path in folder.iterdir() if path.is_dir())
    assert left == ["000", "006", "100"]
    assert names(tmp_path) == ["丁镇"]
