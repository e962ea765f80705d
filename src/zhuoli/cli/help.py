"""The page that ``./zhuoli --help`` shows."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from zhuoli import __version__
from zhuoli.cli import output
from zhuoli.cli.commands import SECTIONS, Entry
from zhuoli.core.text import Text
from zhuoli.environment import ROOT

PROMISE = Text(
    "群众需求在哪，服务跟进到哪：件件有人管，步步看得见，好坏您来评。",
    "Say it once. See who owns it, by when, and how it ended; then tell us whether it helped.",
)

# Shown only when the command, and the file or folder it names, are there.
EXAMPLES: tuple[tuple[str, str, str, Text], ...] = (
    ("demo", "demo", "", Text("一个命令看全貌", "the whole of it, one command")),
    (
        "scenario",
        "scenario explain minor_accident",
        "scenarios/minor_accident",
        Text("一个场景怎么办、多久办、谁能看", "how it is handled, how long it may take, who sees it"),
    ),
    (
        "scenario",
        "scenario test",
        "",
        Text("运行每个场景自带的实例", "run the worked examples of every scenario"),
    ),
    ("ledger", "ledger verify", "", Text("从头核验账本", "verify the ledger from its first entry")),
)

# A path in the folder of the software, and what the reader finds there.
NEXT: tuple[tuple[str, Text], ...] = (
    ("README.zh-CN.md", Text("这是什么，怎么开始（中文）", "what this is, in Chinese")),
    ("README.md", Text("这是什么，怎么开始（英文）", "what this is and how to begin")),
    ("scenarios", Text("货架：每个场景一个文件夹", "the shelf: one folder per scenario")),
    (
        "docs",
        Text(
            "按读者分的文档：群众、场景作者、运维、开发", "pages for offices, authors, operators, developers"
        ),
    ),
)


def page(entries: Sequence[Entry], prog: str = "./zhuoli") -> str:
    """Return the page for these commands.

    It is English with a line of Chinese, or one language when ``--lang`` or ZHUOLI_LANG asks for one.
    """
    asked = output.asked_language()
    lines = [click.style(f"着力点 · Zhuoli {__version__}", bold=True)]
    lines += _both(PROMISE, asked, "")
    usage = f"{prog} [--lang zh|en] COMMAND …"
    lines += ["", f"{_label(Text('用法', 'Usage'), asked)}  {usage}", ""]
    width = max((len(entry.name) for entry in entries), default=0) + 2
    for key, title in SECTIONS.items():
        members = [entry for entry in entries if entry.section == key]
        if members:
            lines.append(_label(title, asked))
            for entry in members:
                first, *rest = _both(entry.help, asked, " " * (width + 2))
                lines.append("  " + click.style(f"{entry.name:<{width}}", fg="cyan") + first.strip())
                lines += rest
            lines.append("")
    names = {entry.name for entry in entries}
    examples = [
        (f"{prog} {words}", text)
        for command, words, path, text in EXAMPLES
        if command in names and (ROOT / path).exists()
    ]
    lines += _list(Text("例", "Examples"), examples, asked)
    lines += _list(Text("接下来", "Where to go next"), [(p, t) for p, t in NEXT if _has(ROOT / p)], asked)
    lines.append(
        _one(
            Text(f"{prog} 命令 --help 说明每个命令。", f"{prog} COMMAND --help says more about each."),
            asked,
        )
    )
    return "\n".join(lines) + "\n"


def _has(path: Path) -> bool:
    return path.is_file() or (path.is_dir() and any(path.iterdir()))


def _label(title: Text, asked: str | None) -> str:
    return click.style(title.in_language(asked) if asked else f"{title.en} · {title.zh}", bold=True)


def _both(text: Text, asked: str | None, indent: str) -> list[str]:
    if asked:
        return [indent + text.in_language(asked)]
    return [indent + text.en, indent + click.style(text.zh, dim=True)]


def _one(text: Text, asked: str | None) -> str:
    return text.in_language(asked) if asked else f"{text.en} {text.zh}"


def _list(title: Text, rows: Sequence[tuple[str, Text]], asked: str | None) -> list[str]:
    if not rows:
        return []
    width = max(len(left) for left, _ in rows) + 2
    lines = [_label(title, asked)]
    lines += [f"  {left:<{width}}{text.in_language(asked or 'en')}" for left, text in rows]
    return [*lines, ""]
