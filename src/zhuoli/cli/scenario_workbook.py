"""``./zhuoli scenario workbook``: a scenario as one Excel workbook, and back; a new one from a workbook alone."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from zhuoli.cli import output
from zhuoli.cli.options import JSON
from zhuoli.core.scenario.source import MAIN, Files, folder_files
from zhuoli.core.text import Mistake, Text

if TYPE_CHECKING:
    from zhuoli.channels.workbook.take import Taken


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def workbook() -> None:
    """用 Excel 改场景：导出、导入、新建。 Change scenarios in Excel: export, import, begin."""


@workbook.command("export")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)
@click.option("--force", is_flag=True, help="文件已有就覆盖。 Overwrite the file.")
@click.pass_obj
def export(shelf: Path, folder: Path, file: Path | None, force: bool) -> None:
    """把一个场景导出成工作簿。 Write a scenario as a workbook."""
    from zhuoli.channels.workbook.book import book_of
    from zhuoli.channels.workbook.save import save
    from zhuoli.core.scenario.folder import read_files

    path = _folder(shelf, folder)
    files, found = folder_files(path)
    one, more = read_files(files, folder=path.resolve().name)
    if output.show_mistakes([*found, *more]) or one is None:
        _fail("folder_broken")
    target = file or Path(f"{one.scenario}.xlsx")
    _write_file(target, save(book_of(files, one)), force)
    output.say(Text(f"已写入 {target}", f"Written to {target}"))


@workbook.command("new")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--force", is_flag=True, help="文件已有就覆盖。 Overwrite the file.")
def new(file: Path, force: bool) -> None:
    """一份空白的工作簿，填好就是一个新场景。 An empty workbook that becomes a new scenario."""
    from zhuoli.channels.workbook.fresh_sheets import fresh_book
    from zhuoli.channels.workbook.save import save

    _write_file(file, save(fresh_book()), force)
    output.say(
        Text(
            f"已写入 {file}\n填好后：./zhuoli scenario workbook import {file}",
            f"Written to {file}\nThen: ./zhuoli scenario workbook import {file}",
        )
    )


@workbook.command("import")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("folder", type=click.Path(path_type=Path), required=False)
@click.option("--check", "only_check", is_flag=True, help="只检查，不写。 Check only, write nothing.")
@click.option(
    "--anyway", is_flag=True, help="导出之后文件夹改过也导入。 Even where the folder changed since."
)
@JSON
@click.pass_obj
def import_(
    shelf: Path, file: Path, folder: Path | None, only_check: bool, anyway: bool, as_json: bool
) -> None:
    """把工作簿写回场景文件夹；有一处不对就什么也不写。 Put a workbook back; with one mistake nothing is written."""
    from zhuoli.channels.workbook.load import load

    data = output.read_or_fail(file)
    read, found = load(data, str(file))
    if read is None or found:
        _leave(found, as_json)
    if read.scenario:
        path = _folder(shelf, folder or Path(read.scenario))
        done = _again(path, read, str(file), anyway)
    else:
        path, done = _fresh(shelf, read, str(file), folder)
    if not done.sound or done.scenario is None:
        _leave(list(done.mistakes), as_json)
    across = _across(path, done)
    if any(one.severity == "error" for one in across):
        _leave(across, as_json)
    if done.changed and not only_check:
        _write(path, done, fresh=not read.scenario)
        if read.scenario:
            _stamp(file, data, read.version, done.scenario.version)
    _tell(path, done, only_check, as_json)


def _again(path: Path, read: Any, file: str, anyway: bool) -> Taken:
    from zhuoli.channels.workbook.mistakes import mistake
    from zhuoli.channels.workbook.take import Taken, taken
    from zhuoli.core.scenario.source import version_of

    files, wrong = folder_files(path)
    if path.resolve().name != read.scenario:
        wrong = [mistake("workbook_other", file, book=read.scenario, folder=path.resolve().name)]
    elif version_of(files) != read.version and not anyway:
        wrong = [mistake("workbook_stale", file)]
    if wrong:
        return Taken(files=files, changed=(), scenario=None, mistakes=tuple(wrong))
    return taken(read, files, file, read.scenario)


def _fresh(shelf: Path, read: Any, file: str, folder: Path | None) -> tuple[Path, Taken]:
    from zhuoli.channels.workbook.fresh import fresh_files
    from zhuoli.channels.workbook.mistakes import mistake
    from zhuoli.channels.workbook.take import Taken

    name, done = fresh_files(read, file)
    path = folder or shelf / (name or "new")
    if done.sound and path.resolve().name != name:
        wrong = mistake("workbook_other", file, book=name, folder=path.resolve().name)
        return path, Taken(files={}, changed=(), scenario=None, mistakes=(wrong,))
    if done.sound and path.exists():
        wrong = mistake("folder_exists", file, folder=str(path))
        return path, Taken(files={}, changed=(), scenario=None, mistakes=(wrong,))
    return path, done


def _across(path: Path, done: Taken) -> list[Mistake]:
    """What it hands on to other scenarios, against these."""
    from zhuoli.core.scenario.check.onward import check_across
    from zhuoli.core.scenario.folder import beside

    assert done.scenario is not None  # noqa: S101 - said by the caller
    return check_across(done.scenario, beside(path, done.scenario))


def _write(path: Path, done: Taken, *, fresh: bool) -> None:
    """Put the changed files in their place: all of them, or after an error none."""
    try:
        if fresh:
            _write_new(path, done)
        else:
            _write_over(path, done)
    except OSError as error:
        output.fail(
            Text(
                f"写不了 {path}：{error.strerror}；什么也没有改",
                f"{path} cannot be written: {error.strerror}; nothing was changed",
            ),
            Text("检查权限和剩余空间，再导入一次", "Check permissions and free space, and import again"),
            code="not_written",
        )


def _write_new(path: Path, done: Taken) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".workbook-", dir=path.parent))
    try:
        _put(beside, done.files, tuple(done.files))
        beside.chmod(0o755)
        beside.rename(path)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        raise


def _write_over(path: Path, done: Taken) -> None:
    before = {name: (path / name).read_bytes() for name in done.changed if (path / name).exists()}
    try:
        _put(path, done.files, done.changed)
    except OSError:
        for name in done.changed:
            if name in before:
                (path / name).write_bytes(before[name])
            else:
                (path / name).unlink(missing_ok=True)
        raise


def _stamp(file: Path, data: bytes, before: str, after: str) -> None:
    """Let the workbook say that it is of the version that it has just made."""
    from zhuoli.channels.workbook.stamp import stamped

    try:
        _put(file.parent, {file.name: stamped(data, before, after)}, (file.name,))
    except (OSError, ValueError):
        output.say(
            Text(
                f"{file} 没能更新；接着改之前，关上它，重新导出一份",
                f"{file} could not be renewed: close it, and export again before you go on",
            ),
            err=True,
        )


def _put(path: Path, files: Files, names: tuple[str, ...]) -> None:
    """Write files beside their places first, and move them there when all are written."""
    passing: dict[Path, Path] = {}
    try:
        for name in names:
            target = path / name
            target.parent.mkdir(parents=True, exist_ok=True)
            passing[target] = target.with_name(f".{target.name}.part")
            passing[target].write_bytes(files[name])
        for target, part in passing.items():
            part.replace(target)
    finally:
        for part in passing.values():
            part.unlink(missing_ok=True)


def _tell(path: Path, done: Taken, only_check: bool, as_json: bool) -> None:
    failed = _examples(done)
    warnings = [one for one in done.mistakes if one.severity == "warning"]
    if as_json:
        output.echo_json(
            {
                "ok": True,
                "folder": str(path),
                "changed": done.changed,
                "written": bool(done.changed) and not only_check,
                "mistakes": warnings,
                "examples_failed": failed,
            }
        )
        return
    output.show_mistakes(warnings)
    if not done.changed:
        output.say(Text("工作簿和文件夹一样，没有要写的", "The workbook equals the folder: nothing to write"))
    elif only_check:
        listed = ", ".join(done.changed)
        output.say(Text(f"检查通过；会改：{listed}", f"It is sound; this would change: {listed}"))
    else:
        listed = ", ".join(done.changed)
        output.say(Text(f"已写入 {path}：{listed}", f"Written to {path}: {listed}"))
    for each in failed:
        output.say(
            Text(
                f"示例“{each}”现在不符：改动之后它说的不再成立，用 scenario test 看哪里不同",
                f"The example “{each}” does not hold any more: scenario test says where it differs",
            ),
            err=True,
        )


def _examples(done: Taken) -> list[str]:
    from zhuoli.core.case.compile import compile_plan
    from zhuoli.core.case.examples import run_example

    if done.scenario is None:
        return []
    plan = compile_plan(done.scenario)
    return [name for name in done.scenario.examples if not run_example(done.scenario, name, plan=plan).passed]


def _folder(shelf: Path, folder: Path) -> Path:
    path = folder if (folder / MAIN).is_file() else shelf / folder
    if not (path / MAIN).is_file():
        _fail("folder_missing", folder=str(folder))
    return path


def _write_file(target: Path, data: bytes, force: bool) -> None:
    if target.exists() and not force:
        output.fail(
            Text(f"{target} 已经有了", f"{target} exists already"),
            Text("换一个文件名，或加 --force 覆盖", "Take another name, or overwrite it with --force"),
            code="file_exists",
            exit_code=2,
        )
    try:
        target.write_bytes(data)
    except OSError as error:
        output.fail(
            Text(f"写不了 {target}：{error.strerror}", f"{target} cannot be written: {error.strerror}"),
            Text(
                "检查文件夹在不在；文件在 Excel 里开着就先关上",
                "Is the folder there? Close the file in Excel",
            ),
            code="not_written",
            exit_code=2,
        )


def _leave(found: list[Mistake], as_json: bool) -> NoReturn:
    if as_json:
        output.echo_json({"ok": False, "written": False, "mistakes": found})
    else:
        output.show_mistakes(found)
        output.say(Text("什么也没有写", "Nothing was written"), err=True)
    raise click.exceptions.Exit(1)


def _fail(code: str, **values: object) -> NoReturn:
    from zhuoli.channels.workbook.mistakes import mistake

    found = mistake(code, "", None, **values)
    output.fail(found.message, found.remedy, code=code, exit_code=2)
