"""The checks of files, and that linters are really asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from zhuoli.cli import lint
from zhuoli.cli import test as test_command
from zhuoli.environment import ROOT


@pytest.mark.parametrize(
    ("name", "line", "allowed"),
    [
        ("requirements.lock", "a==1 --hash=sha256:00  # https://mirror.example.org/a.whl", False),
        ("requirements.lock", "--index-url https://example.org/simple/", False),
        ("requirements.lock", "#    uv pip compile --no-emit-index-url pyproject.toml", False),
        ("requirements-dev.lock", "--find-links ./wheels", False),
        ("pyproject.toml", 'path = "/home/someone/zhuoli"', False),
        ("pyproject.toml", 'path = "/tmp/x"', False),
        ("deploy/compose.yaml", "image: registry.example.org/x  # https://registry.example.org/x", False),
        (".ci/run", "cd /mnt/zhuoli", False),
        ("zhuoli", "url=https://mirror.example.cn/simple", False),
        ("pyproject.toml", 'homepage = "https://example.org/zhuoli"', True),
        ("pyproject.toml", 'pattern = "src/root/x ./home/y $ROOT/mnt/z"', True),
        ("zhuoli", '"$root/mnt/.venv"', True),
        ("requirements.lock", "click==8.5.1 --hash=sha256:00  # via -r pyproject.toml", True),
        ("docs/install.md", "pip install --index-url https://mirror.example.cn/simple", True),
    ],
)
def test_no_machine_and_no_index_in_configuration(
    name: str, line: str, allowed: bool, tmp_path: Path
) -> None:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"# first line\n{line}\n")
    found = list(lint.file_mistakes(tmp_path, [name]))
    if allowed:
        assert found == []
    else:
        assert len(found) == 1
        assert found[0].startswith(f"{name}:2: ")


@pytest.mark.parametrize(("size", "count"), [(lint.LARGEST_FILE, 0), (lint.LARGEST_FILE + 1, 1)])
def test_large_files(size: int, count: int, tmp_path: Path) -> None:
    with (tmp_path / "大.bin").open("wb") as file:
        file.truncate(size)
    assert len(list(lint.file_mistakes(tmp_path, ["大.bin", "gone.bin"]))) == count


def test_files_without_version_control(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for name in ("a.txt", ".venv/b", "子/c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert lint.tracked_files(tmp_path) == ["a.txt", "子/c.txt"]


def test_this_tree_is_clean() -> None:
    assert list(lint.file_mistakes(ROOT, lint.tracked_files(ROOT))) == []


def test_what_the_linters_say_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "bad.py").write_text("import os\nx=1\n")
    (tmp_path / "src" / "typed.py").write_text("x: int = 'one'\n")
    (tmp_path / "pyproject.toml").write_text(
        "[tool.mypy]\nfiles = ['src']\n[tool.importlinter]\nroot_package='nope'\n"
    )
    monkeypatch.setattr(lint, "ROOT", tmp_path)
    done = CliRunner().invoke(lint.lint, ["--json"])
    assert done.exit_code == 1
    by_name = {outcome["name"]: outcome for outcome in json.loads(done.stdout)}
    assert "typed.py" in by_name["types"]["report"]
    assert "F401" in by_name["rules"]["report"]
    assert "bad.py" in by_name["form"]["report"]
    assert not by_name["imports"]["ok"]
    assert by_name["files"]["ok"]
    spoken = CliRunner().invoke(lint.lint, [], env={"ZHUOLI_LANG": "en"})
    assert "--fix" in spoken.stderr
    CliRunner().invoke(lint.lint, ["--fix"])
    assert (tmp_path / "src" / "bad.py").read_text() == "x = 1\n"


@pytest.mark.parametrize(
    ("breach", "code", "contract"),
    [
        ("core/breach.py", "from zhuoli.cli import output", "imports go one way"),
        ("core/breach.py", "import sqlite3", "the core is pure"),
        ("core/breach.py", "def f():\n    from random import random", "the core is pure"),
        ("cli/scenario.py", "import zhuoli.cli.breach", "scenario commands never start Django"),
    ],
)
def test_the_contracts_catch(
    breach: str, code: str, contract: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A small house under the real contracts; what the real one imports is the business of `lint` itself.
    for name in ("__init__.py", "core/__init__.py", "cli/__init__.py", "cli/output.py"):
        (tmp_path / "src/zhuoli" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src/zhuoli" / name).touch()
    (tmp_path / "pyproject.toml").write_bytes((ROOT / "pyproject.toml").read_bytes())
    (tmp_path / "src/zhuoli/cli/scenario.py").touch()
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "src"))
    assert lint._imports(tmp_path) == ""
    (tmp_path / "src/zhuoli/cli/breach.py").write_text("import django.db\n")
    (tmp_path / "src/zhuoli" / breach).write_text(code + "\n")
    report = lint._imports(tmp_path)
    assert report.startswith(contract), report


def test_paths_are_meant_from_where_one_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "test_x.py").touch()
    from_root = test_command._from_root
    assert from_root("test_x.py", tmp_path) == str(tmp_path / "test_x.py")
    assert from_root("test_x.py::test_y", tmp_path) == f"{tmp_path / 'test_x.py'}::test_y"
    assert from_root("tests/core", tmp_path) == "tests/core"
    assert from_root("-k", tmp_path) == "-k"
