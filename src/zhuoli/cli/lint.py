"""``./zhuoli lint``: everything that is checked without running the program."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import click
import msgspec

from zhuoli.cli import output
from zhuoli.cli.options import JSON
from zhuoli.core.text import Text
from zhuoli.environment import ROOT

LARGEST_FILE = 5_000_000
"""Bytes. What is larger belongs into a release, not into the history that everybody clones."""

_FOLDERS = ("src", "tests", "benchmarks")
_CONFIGURATION = re.compile(
    r"(^|/)([^/]*\.(lock|toml|cfg|ini|ya?ml|in)|requirements[^/]*\.txt|\.editorconfig|Dockerfile|zhuoli|\.ci/run)$"
)
# Where packages come from is the business of each machine; a lock that names it works on one machine only.
_FOREIGN = re.compile(
    r"https?://[^\s\"']*(?:pypi|pythonhosted|simple/|/npm|npmjs|registry|mirror)"
    r"|--(?:[a-z]+-)*index-url|--find-links|--trusted-host"
    r"|(?<![\w.}$])/(?:root|home|Users|work|mnt|tmp|private)/[\w.-]+",
    re.IGNORECASE,
)


class Outcome(msgspec.Struct, frozen=True):
    """What one check found; ``report`` is what to read when it is not ``ok``."""

    name: str
    ok: bool
    seconds: float
    report: str


@click.command()
@click.option("--fix", is_flag=True, help="先自动改能改的。 Mend what can be mended first.")
@JSON
def lint(fix: bool, as_json: bool) -> None:
    """检查格式、类型、模块方向和文件。 Check form, types, direction of imports, and files."""
    folders = [name for name in _FOLDERS if any((ROOT / name).rglob("*.py"))]
    checks: list[tuple[str, Callable[[], str]]] = [
        ("types", partial(_tool, ROOT, "mypy")),
        ("rules", partial(_tool, ROOT, "ruff", "check", "--quiet", "--output-format=concise", *folders)),
        ("form", partial(_tool, ROOT, "ruff", "format", "--check", "--output-format=concise", *folders)),
        ("imports", partial(_imports, ROOT)),
        ("tour", _tour),
        ("files", lambda: "\n".join(file_mistakes(ROOT, tracked_files(ROOT)))),
    ]
    if fix:
        _tool(ROOT, "ruff", "check", "--quiet", "--fix", *folders)
        _tool(ROOT, "ruff", "format", "--quiet", *folders)
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda check: _timed(*check), checks))
    if as_json:
        output.echo_json(outcomes)
    else:
        _show(outcomes)
    if not all(outcome.ok for outcome in outcomes):
        raise click.exceptions.Exit(1)


def tracked_files(root: Path) -> list[str]:
    """Return the paths under version control, from ``root``; all files where there is no git."""
    try:
        answer = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
            cwd=root,
            capture_output=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return [
            path.relative_to(root).as_posix()
            for path in sorted(root.rglob("*"))
            if path.is_file() and not {".git", ".venv", "__pycache__"} & set(path.parts)
        ]
    return sorted(name for name in answer.stdout.decode(errors="surrogateescape").split("\0") if name)


def file_mistakes(root: Path, names: list[str]) -> Iterator[str]:
    """Yield a line for each file that is too large, or that ties the project to one machine or index."""
    for name in names:
        path = root / name
        if not path.is_file() or path.is_symlink():
            continue
        size = path.stat().st_size
        if size > LARGEST_FILE:
            yield f"{name}: {size / 1e6:.1f} MB, more than {LARGEST_FILE / 1e6:.0f} MB"
        if _CONFIGURATION.search(name) and not name.startswith(("scenarios/", "tests/")):
            for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1):
                found = _FOREIGN.search(line)
                if found:
                    yield f"{name}:{number}: names one machine or package index: {found[0]}"


def _tour() -> str:
    """Hold the chapters of the demonstration's tour against the shelf."""
    from zhuoli.core.scenario.shelf import read_shelf
    from zhuoli.demo.tourbook import read_tour

    folder = ROOT / "src" / "zhuoli" / "demo" / "tour"
    _, mistakes = read_tour(folder, read_shelf(ROOT / "scenarios", check=False).scenarios)
    language = output.language()
    return "\n".join(
        f"{Path(one.file).relative_to(ROOT)}:{one.line}: "
        f"{one.message.in_language(language)} → {one.remedy.in_language(language)}"
        for one in mistakes
    )


def _timed(name: str, check: Callable[[], str]) -> Outcome:
    began = time.perf_counter()
    report = check()
    return Outcome(name, not report, round(time.perf_counter() - began, 1), report)


def _tool(root: Path, module: str, *arguments: str) -> str:
    """Run a module of the environment; return what it said if it was not content."""
    command = [sys.executable, "-P", "-m", module, *arguments]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    if answer.returncode == 0:
        return ""
    said = (answer.stdout + answer.stderr).strip()
    return said or f"{module} ended with code {answer.returncode}"


def _imports(root: Path) -> str:
    # import-linter has no __main__.
    start = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-P", "-c", start, "--no-cache"]
    answer = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603
    if answer.returncode == 0:
        return ""
    said = answer.stdout + answer.stderr
    return (said.partition("Broken contracts\n----------------\n")[2] or said).strip()


_MEANING = {
    "types": Text("类型(mypy)", "types (mypy)"),
    "rules": Text("写法(ruff)", "rules (ruff)"),
    "form": Text("排版(ruff format)", "form (ruff format)"),
    "imports": Text("模块方向(import-linter)", "direction of imports (import-linter)"),
    "tour": Text("导览各章与场景架相符", "the tour's chapters fit the shelf"),
    "files": Text("文件大小，不写死机器和软件源", "size of files; no machine or index named"),
}


def _show(outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        mark = click.style("✓", fg="green") if outcome.ok else click.style("✗", fg="red")
        click.echo(f"{mark} {_MEANING[outcome.name].in_language(output.language())}  {outcome.seconds:.1f} s")
        if not outcome.ok:
            click.echo(outcome.report + "\n")
    if any(outcome.name in ("rules", "form") and not outcome.ok for outcome in outcomes):
        output.say(
            Text("./zhuoli lint --fix 能改掉其中一部分。", "./zhuoli lint --fix mends some of it."), err=True
        )
