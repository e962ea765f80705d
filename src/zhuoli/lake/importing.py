"""A file is taken into a register: read, checked row by row, and published whole, or not at all.

    report = import_file(lake, registers, "vans", Path("vans.csv"), now=…)

``whole``: the file is the register from now on. ``append``: rows whose key is not there yet are added. ``changes``: its rows are put in place of those with the same key or
added; a column ``_change`` (变更) may say ``remove`` (删除). Rows that are not taken stand in a file with their
reasons, to be corrected and imported again with ``changes``.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pyarrow as pa
import pyarrow.feather

from zhuoli.core.registers.model import Register
from zhuoli.core.scenario.catalog import did_you_mean
from zhuoli.core.text import Mistake, Text
from zhuoli.core.worktime.instants import DAY
from zhuoli.lake.checking import CHANGE, Checker
from zhuoli.lake.folder import NIGHT, REMEMBERED, Mode, Origin, PastImport, RegisterFolder, State
from zhuoli.lake.rejects import MARK, Rejects, corrected
from zhuoli.lake.source import ROW, Source, Unreadable, digest_of, open_source
from zhuoli.lake.together import put_together

_CHANGES = ("_change", "变更", "change")
CHINA = 8 * 3_600_000
"""Registers are kept by the day of China: ms ahead of UTC."""


class Progress(msgspec.Struct, frozen=True):
    """How far an import is. ``stage`` is ``checking`` until every row was looked at, then the step that was finished."""

    stage: str
    rows: int
    accepted: int
    rejected: int
    seconds: float

    @property
    def pace(self) -> int:
        """Rows per second."""
        return int(self.rows / self.seconds) if self.seconds > 0 else 0


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    """What came of an import. ``state`` is None when nothing was changed; ``rejects`` is the file of the rows not taken."""

    register: str
    read: int
    accepted: int
    rejected: int
    removed: int
    state: State | None
    rejects: str
    ignored: tuple[str, ...]
    encoding: str
    seconds: float
    same: bool = False


@dataclass
class _Count:
    read: int = 0
    accepted: int = 0
    rejected: int = 0
    began: float = field(default_factory=time.monotonic)

    def progress(self, stage: str) -> Progress:
        return Progress(stage, self.read, self.accepted, self.rejected, time.monotonic() - self.began)


def import_file(
    lake: Path,
    registers: Mapping[str, Register],
    name: str,
    path: Path,
    *,
    now: int,
    mode: Mode = "whole",
    origin: Origin = "imported",
    by: str = NIGHT,
    told: Callable[[Progress], None] = lambda _: None,
    threads: int | None = None,
) -> Imported:
    """Import one file; ``now`` is in ms UTC, ``by`` says who imports it. When no row at all can be taken the old rows stay.

    Raises:
        Unreadable: the file cannot be read, or lacks columns that must be filled in.
        Busy: somebody else is importing into the register.
    """
    register = registers[name]
    source = open_source(path)
    columns, ignored = match_headings(register, source, mode)
    digest = digest_of(path)
    folder = RegisterFolder(lake, name)
    before = folder.state()
    if before is not None and mode == "whole" == before.mode and before.digest == digest:
        return _same(name, before, folder, source, ignored)
    return take_in(
        lake,
        registers,
        name,
        _named(source, columns),
        now=now,
        mode=mode,
        origin=origin,
        by=by,
        told=told,
        source=source,
        digest=digest,
        ignored=ignored,
        threads=threads,
    )


def take_in(
    lake: Path,
    registers: Mapping[str, Register],
    name: str,
    batches: Iterable[pa.Table],
    *,
    now: int,
    mode: Mode = "whole",
    origin: Origin = "imported",
    by: str = NIGHT,
    told: Callable[[Progress], None] = lambda _: None,
    source: Source | None = None,
    digest: str = "",
    ignored: tuple[str, ...] = (),
    threads: int | None = None,
    position: int = 0,
) -> Imported:
    """Check batches of strings and publish what is sound; see ``import_file``."""
    register = registers[name]
    folder = RegisterFolder(lake, name)
    generation = f"{now:014d}-{secrets.token_hex(4)}"
    count = _Count()
    with folder.writing(generation) as stage:
        checker = Checker(
            register,
            lambda other: RegisterFolder(lake, other).files(),
            {each.register: each.title.zh for each in registers.values()},
            today=day_of_china(now),
            changes=mode == "changes",
            threads=threads,
        )
        rejects = Rejects(stage / "rejects.csv", register, generation)
        staged = _check_all(checker, batches, stage, rejects, count, told)
        if source is not None:
            for number, text, why in source.broken:
                rejects.add_line(number, text, why)
                count.read += 1
        if source is not None and not count.read:
            raise Unreadable(_no_rows(source))
        made = put_together(checker.connection, register, folder, staged, stage / "new", mode=mode)
        for row, reasons in made.rejected:
            rejects.add(row, reasons)
        rejects.close()
        count.rejected = rejects.rows
        count.accepted = count.read - rejects.rows
        told(count.progress("together"))
        nothing = count.accepted == 0 and count.rejected > 0
        seconds = time.monotonic() - count.began
        before = folder.state()
        past = PastImport(
            id=generation,
            at=now,
            origin=origin,
            mode=mode,
            by=by,
            file=_name_of(source),
            read=count.read,
            accepted=count.accepted,
            rejected=count.rejected,
            added=made.changed.added if made.changed else None,
            replaced=made.changed.replaced if made.changed else None,
            removed=made.changed.removed if made.changed else None,
            rows=made.rows,
            seconds=round(seconds, 3),
            corrects=corrected(source.headings) if source else "",
        )
        imports = (past, *folder.imports())[:REMEMBERED]
        state = State(
            generation=generation,
            rows=made.rows,
            origin=origin,
            at=now,
            file=past.file,
            digest=digest,
            mode=mode,
            read=count.read,
            accepted=count.accepted,
            rejected=count.rejected,
            removed=made.removed,
            seconds=round(seconds, 3),
            position=position,
            imports=imports,
        )
        kept = rejects.keep(folder.rejects(state)) if rejects.rows else ""
        if not nothing:
            folder.publish(stage / "new", state, lambda step: told(count.progress(step)))
        else:
            rows = before.rows if before else 0
            tried = msgspec.structs.replace(past, added=0, replaced=0, removed=0, rows=rows)
            if before is not None:
                folder.say(msgspec.structs.replace(before, imports=(tried, *imports[1:])))
            else:
                folder.say_tried((tried, *imports[1:]))
    return Imported(
        register=name,
        read=count.read,
        accepted=count.accepted,
        rejected=count.rejected,
        removed=made.removed,
        state=None if nothing else state,
        rejects=kept,
        ignored=ignored,
        encoding=source.encoding if source else "",
        seconds=seconds,
    )


def match_headings(register: Register, source: Source, mode: Mode) -> tuple[dict[str, str], tuple[str, ...]]:
    """Find each heading's field by its name or its title in either language; tell which headings are left out.

    Raises:
        Unreadable: two headings mean the same field, or a field that must be filled in has none.
    """
    known = {
        word.casefold(): one.name
        for one in register.fields
        for word in (one.name, one.title.zh, one.title.en)
    }
    if mode == "changes":
        known |= dict.fromkeys(_CHANGES, CHANGE)
    found: dict[str, str] = {}
    ignored = []
    for heading in source.headings:
        name = known.get(heading.casefold())
        if name is None:
            if not heading.startswith(MARK):
                ignored.append(heading)
        elif name in found:
            raise Unreadable(_twice(source, heading, name))
        else:
            found[name] = heading
    removes = CHANGE in found  # such rows need their key only; the others are looked at one by one
    needed = [
        one
        for one in register.fields
        if one.name not in found
        and (one.name in register.primary_key if removes else one.constraints.required)
    ]
    if needed:
        raise Unreadable(_lacking(source, [one.title for one in needed], ignored, list(known)))
    return found, tuple(ignored)


def _named(source: Source, columns: Mapping[str, str]) -> Iterator[pa.Table]:
    names = [*columns, ROW]
    headings = [*columns.values(), ROW]
    for batch in source.batches():
        yield batch.select(headings).rename_columns(names)


def _check_all(
    checker: Checker,
    batches: Iterable[pa.Table],
    stage: Path,
    rejects: Rejects,
    count: _Count,
    told: Callable[[Progress], None],
) -> list[str]:
    """Check all batches, write what is accepted under ``stage``, and give the files."""
    files: list[str] = []
    for number, batch in enumerate(batches):
        checked = checker.check(batch)
        if checked.accepted.num_rows:
            path = stage / f"accepted-{number:06d}.arrow"
            pyarrow.feather.write_feather(checked.accepted, path, compression="lz4")
            files.append(str(path))
        rejects.add_batch(batch, checked.rejected)
        count.read += batch.num_rows
        count.rejected = rejects.rows
        count.accepted = count.read - count.rejected
        told(count.progress("checking"))
    return files


def _same(
    name: str, state: State, folder: RegisterFolder, source: Source, ignored: tuple[str, ...]
) -> Imported:
    rejects = folder.rejects(state)
    return Imported(
        register=name,
        read=state.read,
        accepted=state.accepted,
        rejected=state.rejected,
        removed=0,
        state=state,
        rejects=str(rejects) if rejects.exists() else "",
        ignored=ignored,
        encoding=source.encoding,
        seconds=0.0,
        same=True,
    )


def _name_of(source: Source | None) -> str:
    """The name of the file, without its folder; a letter that no script has becomes a question mark."""
    return source.path.name.encode("utf-8", "replace").decode() if source else ""


def day_of_china(now: int) -> str:
    """Return the day (ISO) in China at an instant (ms UTC)."""
    return (date(1970, 1, 1) + timedelta(days=(now + CHINA) // DAY)).isoformat()


def _twice(source: Source, heading: str, name: str) -> Mistake:
    return Mistake(
        code="same_heading",
        message=Text(
            f"表头“{heading}”和另一列都是字段 {name}",
            f"The heading “{heading}” and another one both mean {name}",
        ),
        remedy=Text("删去一列", "Remove one of the columns"),
        file=str(source.path),
        line=1,
    )


_TOLD, _LONG = 8, 30


def some_of(names: Sequence[str]) -> Text:
    """A list of headings in words: not more than a few, and none too long."""
    few = [name if len(name) <= _LONG else f"{name[:_LONG]}…" for name in names[:_TOLD]]
    if len(names) <= _TOLD:
        return Text("、".join(few) or "无", ", ".join(few) or "none")
    return Text(f"{'、'.join(few)} 等 {len(names)} 个", f"{', '.join(few)} and {len(names) - _TOLD} more")


def _no_rows(source: Source) -> Mistake:
    return Mistake(
        code="no_rows",
        message=Text("只有表头，没有一行数据", "There are headings and no row at all"),
        remedy=Text(
            "原来的数据没有动；真要删去行，用 --changes，列“变更”写“删除”",
            "The old rows stay; to remove rows use --changes with remove in a column _change",
        ),
        file=str(source.path),
        line=1,
    )


def _lacking(source: Source, titles: list[Text], ignored: list[str], known: list[str]) -> Mistake:
    near = did_you_mean(ignored[0], known) if ignored else Text("", "")
    if len(source.headings) == 1 and "，" in source.headings[0]:
        near = Text("逗号是全角的，请换成半角", "Its commas are full-width: make them plain ones")
    unknown = some_of(ignored)
    return Mistake(
        code="missing_columns",
        message=Text(
            f"缺少必填的列：{'、'.join(one.zh for one in titles)}",
            f"Columns that must be filled in are missing: {', '.join(one.en for one in titles)}",
        ),
        remedy=Text(
            f"补上这些列，表头写字段名或中文名；不认识的表头：{unknown.zh}。{near.zh}",
            f"Add them, headed by the field's name or title; unknown headings: {unknown.en}. {near.en}",
        ),
        file=str(source.path),
        line=1,
    )
