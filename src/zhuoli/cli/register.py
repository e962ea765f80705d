"""``./zhuoli register``: describe, fill and look after registers, without starting the web framework (but for ``refresh``)."""

from __future__ import annotations

import getpass
import time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from zhuoli.cli import output
from zhuoli.cli.options import DATA, JSON
from zhuoli.cli.register_fill import generate, refresh
from zhuoli.cli.register_tidy import tidy
from zhuoli.cli.register_told import imports_table, line, listed, tell_imported
from zhuoli.core.registers import Register, Registers, read_registers
from zhuoli.core.registers.model import SUBJECTS
from zhuoli.core.scenario.catalog import did_you_mean
from zhuoli.core.text import Text
from zhuoli.environment import read_environment

if TYPE_CHECKING:
    from zhuoli.lake.importing import Progress
    from zhuoli.lake.reading import Standing


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="登记册说明所在的文件夹；也可设 ZHUOLI_REGISTERS。 The folder of descriptors; or set ZHUOLI_REGISTERS.",
)
@click.pass_context
def register(context: click.Context, folder: Path | None) -> None:
    """登记册：检查说明、导入数据、看看新不新。 Registers: check descriptors, import rows, see how fresh they are."""
    context.obj = folder or read_environment().registers


@register.command()
@JSON
@click.pass_obj
def check(folder: Path, as_json: bool) -> None:
    """检查登记册说明。 Check the descriptors."""
    found = read_registers(folder)
    errors = sum(one.severity == "error" for one in found.mistakes)
    if as_json:
        output.echo_json({"ok": not errors, "registers": list(found.registers), "mistakes": found.mistakes})
    else:
        output.show_mistakes(found.mistakes)
        output.say(
            Text(
                f"{len(found.registers)} 个登记册可用；{errors} 处错误",
                f"{len(found.registers)} sound; mistakes: {errors}",
            )
        )
    if errors:
        raise click.exceptions.Exit(1)


@register.command("list")
@DATA
@JSON
@click.pass_obj
def list_(folder: Path, data: Path | None, as_json: bool) -> None:
    """列出登记册：多少行、多新、多少行没收下。 List registers: rows, freshness, rows not taken."""
    found = read_registers(folder)
    standings = _standings(found, data)
    if as_json:
        output.echo_json([listed(one, _lake(data)) for one in standings])
    else:
        heads = (
            ("编号", "Id"),
            ("登记册", "Register"),
            ("行数", "Rows"),
            ("来源", "Origin"),
            ("几天前", "Days old"),
            ("没收下", "Not taken"),
        )
        output.table([Text(*head) for head in heads], [line(one) for one in standings])
    if found.mistakes:
        output.show_mistakes(found.mistakes)
        raise click.exceptions.Exit(1)


@register.command()
@click.argument("name")
@DATA
@click.option(
    "--rows", default=5, show_default=True, type=click.IntRange(0, 100), help="看几行。 How many rows."
)
@JSON
@click.pass_obj
def show(folder: Path, name: str, data: Path | None, rows: int, as_json: bool) -> None:
    """一个登记册：字段、期限、几行样例（个人信息遮住）。 One register, with a sample; personal fields are masked."""
    from zhuoli.lake.reading import sample, standing

    one = _named(read_registers(folder), name)
    stands = standing(_lake(data), one, _now())
    some = sample(_lake(data), one, rows) if stands.state else []
    if as_json:
        shown = [
            {key: str(value) if value is not None else None for key, value in row.items()} for row in some
        ]
        output.echo_json(
            {**listed(stands, _lake(data)), "fields": one.fields, "deletion": one.deletion, "sample": shown}
        )
        return
    output.say(Text(f"{one.title.zh}：{one.description.zh}", f"{one.title.en}: {one.description.en}"))
    output.say(Text(f"用途：{one.purpose.zh}", f"For: {one.purpose.en}"))
    output.say(
        Text(
            f"讲的是{SUBJECTS[one.subject].zh}；来源：{one.source.zh}",
            f"About {SUBJECTS[one.subject].en}; source: {one.source.en}",
        )
    )
    heads = (
        ("字段", "Field"),
        ("名称", "Title"),
        ("类型", "Type"),
        ("必填", "Required"),
        ("个人信息", "Personal"),
    )
    output.table(
        [Text(*head) for head in heads],
        [
            [
                each.name,
                each.title,
                each.format or each.type,
                "✓" if each.constraints.required else "",
                each.purpose if each.personal else "",
            ]
            for each in one.fields
        ],
    )
    if some:
        click.echo("")
        output.table([each.title for each in one.fields], [list(row.values()) for row in some])
    imports_table(_lake(data), one.register)


@register.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--into", "name", help="登记册编号；不写则用文件名。 The register's id; without it, the file's name."
)
@click.option(
    "--changes",
    is_flag=True,
    help="只改动文件里的行；列“变更”写“删除”的行删去。 Change only the rows in the file; “remove” in a column _change removes one.",
)
@click.option(
    "--by",
    help="谁导入，给岗位看；不写则用本机账户名。 Who imports, for posts to read; without it, the account of this machine.",
)
@DATA
@JSON
@click.pass_obj
def import_(
    folder: Path,
    file: Path,
    name: str | None,
    changes: bool,
    by: str | None,
    data: Path | None,
    as_json: bool,
) -> None:
    """导入 CSV（UTF-8 或 GB18030）、Excel 或 Parquet。 Import CSV (UTF-8 or GB18030), Excel or Parquet.

    每行都检查；没收下的行连同原因存成一个文件，改好后用 --changes 再导入。
    Every row is checked; rows not taken are kept with their reasons in a file that can be corrected and imported with --changes.
    """
    import duckdb

    from zhuoli.lake.folder import Busy
    from zhuoli.lake.importing import import_file
    from zhuoli.lake.source import Unreadable

    found = read_registers(folder)
    one = _named(found, name or file.name.partition(".")[0])
    if one.fed_by == "loop":
        output.fail(
            Text(
                f"登记册 {one.register} 由本系统账本汇入，不能导入",
                f"The register {one.register} is fed by the ledger and takes no files",
            ),
            Text("运行 ./zhuoli register refresh", "Run ./zhuoli register refresh"),
            code="fed_by_loop",
        )
    try:
        made = import_file(
            _lake(data),
            found.registers,
            one.register,
            file,
            now=_now(),
            mode="changes" if changes else "whole",
            by=(by or _account())[:60],
            told=_silent if as_json else _tell,
        )
    except Unreadable as error:
        if as_json:
            output.echo_json({"ok": False, "mistakes": [error.mistake]})
        else:
            output.show_mistakes([error.mistake])
        raise click.exceptions.Exit(1) from None
    except Busy:
        _busy(one.register)
    except (OSError, duckdb.IOException) as error:
        _not_written(error)
    tell_imported(made, one, as_json)


@register.command()
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="写到文件。 Write to a file.")
def schema(out: Path | None) -> None:
    """登记册说明的 JSON Schema。 The JSON Schema of descriptors."""
    from zhuoli.core.registers.schema import register_schema
    from zhuoli.core.scenario.schema import schema_text

    if out is None:
        click.echo(schema_text(register_schema()), nl=False)
    else:
        out.write_text(schema_text(register_schema()), encoding="utf-8")


register.add_command(generate)
register.add_command(refresh)
register.add_command(tidy)


def _tell(progress: Progress) -> None:
    if progress.stage == "checking":
        output.say(
            Text(
                f"已查 {progress.rows:,} 行，没收下 {progress.rejected:,}；每秒 {progress.pace:,} 行",
                f"{progress.rows:,} rows checked, {progress.rejected:,} not taken; {progress.pace:,} rows per second",
            ),
            err=True,
        )


def _silent(_: Progress) -> None:
    """Say nothing."""


def _busy(name: str) -> NoReturn:
    output.fail(
        Text(f"另一个导入正在写 {name}", f"Another import is writing to {name}"),
        Text("等它完成再试", "Try again when it is done"),
        code="busy",
    )


def _not_written(error: Exception) -> NoReturn:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error).partition("\n")[0]
    output.fail(
        Text(f"没能写完：{why}；原来的数据没有动", f"It could not be written: {why}; the old rows stay"),
        Text("看看剩余空间和权限，再导入一次", "Look at free space and permissions, then import it again"),
        code="not_written",
    )


def _named(found: Registers, name: str) -> Register:
    one = found.registers.get(name)
    if one is None:
        wrong = [each for each in found.mistakes if Path(each.file).stem == name]
        if wrong:
            output.show_mistakes(wrong)
            raise click.exceptions.Exit(1)
        near = did_you_mean(name, list(found.registers))
        output.fail(
            Text(f"没有登记册“{name}”", f"There is no register “{name}”"),
            Text(
                f"{near.zh}用 --into 写编号；register list 列出全部",
                f"{near.en}Name it with --into; register list shows all",
            ),
            code="unknown_register",
            exit_code=2,
        )
    return one


def _standings(found: Registers, data: Path | None) -> list[Standing]:
    from zhuoli.lake.reading import standing

    return [standing(_lake(data), one, _now()) for one in found.registers.values()]


def _lake(data: Path | None) -> Path:
    return (data.resolve() if data else read_environment().data) / "lake"


def _account() -> str:
    """The account under which this runs; a dash where the machine gives none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "—"


def _now() -> int:
    return time.time_ns() // 1_000_000
