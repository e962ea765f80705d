"""How commands speak: in which language, as a table, as JSON, and when something is wrong.

Results go to standard output, everything else to standard error. Exit codes: 0 done, 1 the answer is no (a
check failed, a mistake was found), 2 the command was used wrongly.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NoReturn

import click
import msgspec

from zhuoli.core.text import Language, Mistake, Text


def asked_language() -> Language | None:
    """Return the language asked for by ``--lang`` or else by ZHUOLI_LANG; None when nobody asked."""
    context = click.get_current_context(silent=True)
    chosen = (context.meta.get("zhuoli.lang") if context else None) or os.environ.get("ZHUOLI_LANG", "")
    return _known(chosen)


def language() -> Language:
    """Return the language to speak: the one asked for, else the locale's, else English (the C locale's)."""
    return asked_language() or _locale_language() or "en"


def languages() -> tuple[Language, ...]:
    """Return the languages for a short message: one where it is known, both where nothing tells."""
    known = asked_language() or _locale_language()
    return (known,) if known else ("zh", "en")


def say(text: Text, *, err: bool = False) -> None:
    """Print a short sentence, in both languages when nothing tells which one is wanted."""
    for each in languages():
        click.echo(text.in_language(each), err=err)


def echo_json(value: object) -> None:
    """Print a value as indented JSON in UTF-8; structs, ``Text`` and dates are understood."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())


def table(columns: Sequence[Text | str], rows: Iterable[Sequence[object]], *, title: str = "") -> None:
    """Print a table; on a terminal it fits the width, elsewhere no cell is ever cut or wrapped."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text as Cell

    spoken = language()

    def words(value: object) -> str:
        return value.in_language(spoken) if isinstance(value, Text) else "" if value is None else str(value)

    drawn = Table(box=None, pad_edge=False, title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        drawn.add_column(words(column), overflow="fold")
    for row in rows:
        drawn.add_row(*(Cell(words(value)) for value in row))
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(drawn)
        return
    console.width = 100_000
    with console.capture() as lines:
        console.print(drawn)
    click.echo("\n".join(line.rstrip() for line in lines.get().splitlines()))


def show_mistakes(mistakes: Iterable[Mistake]) -> int:
    """Print mistakes to standard error as ``file:line:column: message`` with the remedy; return how many.

    Warnings are printed too and are not counted.
    """
    count = 0
    for mistake in mistakes:
        count += mistake.severity == "error"
        place = ":".join(
            [mistake.file, *(str(number) for number in (mistake.line, mistake.column) if number)]
        ).strip(":")
        mark = click.style(mistake.code, fg="red" if mistake.severity == "error" else "yellow")
        for number, each in enumerate(languages()):
            head = f"{place}: {mark}: " if number == 0 and place else f"{mark}: " if number == 0 else "  "
            click.echo(head + mistake.message.in_language(each), err=True)
            click.echo("  → " + mistake.remedy.in_language(each), err=True)
    return count


def fail(message: Text, remedy: Text, *, code: str = "", exit_code: int = 1) -> NoReturn:
    """Say what is wrong and what to do about it on standard error, and leave with ``exit_code``.

    ``code`` is the stable name of the error, for programs and for searching the documentation.
    """
    for number, each in enumerate(languages()):
        label = "错误：" if each == "zh" else "Error: "
        to_do = "怎么办：" if each == "zh" else "What to do: "
        suffix = f" [{code}]" if code and number == 0 else ""
        click.echo(click.style(label, fg="red") + message.in_language(each) + suffix, err=True)
        click.echo(f"  {to_do}{remedy.in_language(each)}", err=True)
    raise click.exceptions.Exit(exit_code)


def read_or_fail(file: Path) -> bytes:
    """Return what is in a file that somebody named, or leave with exit code 2 and say that it cannot be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        fail(
            Text(f"读不了 {file}：{error.strerror}", f"{file} cannot be read: {error.strerror}"),
            Text(
                "检查路径和权限；在别的程序里开着就先关上。",
                "Check the path and whether you may read it; close it where it is open in another program.",
            ),
            code="no_file",
            exit_code=2,
        )


def _known(name: str) -> Language | None:
    short = name[:2].lower()
    return "zh" if short == "zh" else "en" if short == "en" else None


def _locale_language() -> Language | None:
    # The first that is set decides, as POSIX says; LC_ALL=C silences LANG.
    for variable in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return _known(value)
    return None
