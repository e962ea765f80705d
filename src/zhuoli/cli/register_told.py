"""What ``./zhuoli register`` says of an import, and of how registers stand."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from zhuoli.cli import output
from zhuoli.core.registers import Register
from zhuoli.core.text import Text
from zhuoli.core.worktime import format_instant

if TYPE_CHECKING:
    from zhuoli.lake.importing import Imported
    from zhuoli.lake.reading import Standing


def line(one: Standing) -> list[object]:
    """A register as a row of the list."""
    from zhuoli.lake.folder import ORIGINS

    if one.state is None:
        return [one.register.register, one.register.title, "—", "", "", one.waiting or ""]
    age = f"{one.age_days}" if one.fresh else f"{one.age_days} !"
    return [
        one.register.register,
        one.register.title,
        f"{one.state.rows:,}",
        ORIGINS[one.state.origin],
        age,
        one.waiting or "",
    ]


def listed(one: Standing, lake: Path) -> dict[str, object]:
    """A register as programs read it."""
    from zhuoli.lake.history import as_json, history

    return {
        "register": one.register.register,
        "title": one.register.title,
        "subject": one.register.subject,
        "rows": one.state.rows if one.state else 0,
        "origin": one.state.origin if one.state else None,
        "at": one.state.at if one.state else None,
        "age_days": one.age_days,
        "fresh": one.fresh,
        "not_taken": one.waiting,
        "rejects": one.rejects,
        "imports": [as_json(each) for each in history(lake, one.register.register)],
    }


def imports_table(lake: Path, register: str) -> None:
    """Show the last imports of a register as a table; nothing where there were none."""
    from zhuoli.lake.folder import NIGHT
    from zhuoli.lake.history import HOW, history

    lines: list[list[object]] = []
    for told in history(lake, register):
        past = told.past
        at = Text(*(format_instant(past.at, language, 0) for language in ("zh", "en")))
        who = Text("夜间自动", "the night") if past.by == NIGHT else past.by
        changes = "" if past.added is None else f"+{past.added:,} ~{past.replaced:,} −{past.removed:,}"
        not_taken: object = past.rejected or ""
        if told.again:
            not_taken = Text(
                f"{past.rejected:,}，改好 {told.came_in:,}", f"{past.rejected:,}, {told.came_in:,} corrected"
            )
        pace = f"{past.pace:,}" if past.pace else ""
        lines.append([at, past.file, who, HOW[past.mode], f"{past.accepted:,}", not_taken, changes, pace])
    if not lines:
        return
    heads = (
        ("导入时间", "Imported"),
        ("文件", "File"),
        ("谁", "By"),
        ("方式", "How"),
        ("收下", "Taken"),
        ("没收下", "Not taken"),
        ("新增 ~改 −删", "+new ~other −gone"),
        ("每秒行数", "Rows/s"),
    )
    click.echo("")
    output.table([Text(*head) for head in heads], lines)


def tell_imported(made: Imported, one: Register, as_json: bool) -> None:
    """Say what came of an import; exits with 1 where nothing was taken."""
    from zhuoli.lake.importing import some_of

    if as_json:
        output.echo_json({"ok": made.state is not None, **_fields(made)})
    else:
        if made.ignored:
            some = some_of(made.ignored)
            output.say(Text(f"没用到的列：{some.zh}", f"Columns that were left out: {some.en}"), err=True)
        if made.same:
            output.say(
                Text("和现在的数据是同一个文件，没有改动。", "The same file as before; nothing changed.")
            )
        elif made.state is not None:
            output.say(
                Text(
                    f"{one.title.zh}：收下 {made.accepted:,} 行，没收下 {made.rejected:,} 行，现有 {made.state.rows:,} 行；每秒 {_pace(made):,} 行",
                    f"{one.title.en}: {made.accepted:,} rows taken, {made.rejected:,} not; {made.state.rows:,} rows now; {_pace(made):,} rows per second",
                )
            )
        if made.rejects:
            output.say(
                Text(
                    f"没收下的行和原因在 {made.rejects}；改好后：./zhuoli register import 文件 --into {one.register} --changes",
                    f"Rows not taken, with reasons: {made.rejects}; correct them, then: ./zhuoli register import FILE --into {one.register} --changes",
                ),
                err=True,
            )
    if made.state is None:
        if not as_json:
            output.fail(
                Text("一行也没收下，原来的数据没有动", "No row at all could be taken; the old rows stay"),
                Text("看原因，改好后再导入", "Look at the reasons, correct the file and import it again"),
                code="nothing_taken",
            )
        raise click.exceptions.Exit(1)


def _fields(made: Imported) -> dict[str, object]:
    return {
        "register": made.register,
        "read": made.read,
        "accepted": made.accepted,
        "rejected": made.rejected,
        "removed": made.removed,
        "rows": made.state.rows if made.state else None,
        "rejects": made.rejects,
        "ignored": made.ignored,
        "encoding": made.encoding,
        "seconds": round(made.seconds, 3),
        "rows_per_second": _pace(made),
        "same": made.same,
    }


def _pace(made: Imported) -> int:
    return int(made.read / made.seconds) if made.seconds else 0
