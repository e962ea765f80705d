"""The little Markdown that notices are written in, as blocks: headings, paragraphs, lists, strong words.

A backslash takes a mark its meaning; notices write one before each mark in what somebody else has written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from zhuoli.channels.papers.document import Block, Heading, Items, Line, Paragraph, Run

_STRONG = re.compile(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", re.DOTALL)
_ESCAPED = re.compile(r"\\([\\#*+.\-、])")
_ITEM = re.compile(r"(?:[-*]|(\d{1,3})[.、])[ \t]+(.*)", re.DOTALL)
_HEADING = re.compile(r"#{1,6}[ \t]+(.*)")


def blocks_of(markdown: str) -> tuple[Block, ...]:
    """Return the blocks of a text; what is none of the few marks stays as it is written."""
    return tuple(_blocks(markdown))


def _blocks(markdown: str) -> Iterator[Block]:
    for part in re.split(r"\n[ \t]*\n", markdown.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.split("\n") if line.strip()]
        while lines:
            heading = _HEADING.fullmatch(lines[0])
            if heading:
                yield Heading(_plain(heading[1]))
                lines = lines[1:]
                continue
            found = [_ITEM.fullmatch(line) for line in lines]
            if all(found):
                items = tuple(_line(match[2]) for match in found if match)
                yield Items(items, numbered=all(match[1] for match in found if match))
            else:
                yield Paragraph(_line("\n".join(lines)))
            break


def _line(text: str) -> Line:
    runs: list[Run] = []
    end = 0
    for match in _STRONG.finditer(text):
        if match.start() > end:
            runs.append(Run(_plain(text[end : match.start()])))
        runs.append(Run(_plain(match[1]), strong=True))
        end = match.end()
    if end < len(text) or not runs:
        runs.append(Run(_plain(text[end:])))
    return tuple(runs)


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text)
