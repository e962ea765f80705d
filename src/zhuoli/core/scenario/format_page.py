"""The generated parts of ``docs/authors/format.md``: every key of every file, and every mistake."""

from __future__ import annotations

import re

from zhuoli.core.scenario.capabilities import CAPABILITIES, KIND_WORDS
from zhuoli.core.scenario.catalog import READING, Entry
from zhuoli.core.scenario.check.catalog import CHECKS, WARNINGS
from zhuoli.core.scenario.directory_words import COMPETENCES, ROLES
from zhuoli.core.scenario.feeds import COUNTY
from zhuoli.core.scenario.figures import MINUTES_TO, indicator_names
from zhuoli.core.scenario.labels import CASE_LABELS
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.scenario.names import CASE_NAMES
from zhuoli.core.scenario.notices import NOTICE_NAMES
from zhuoli.core.scenario.reference import KEYS, TITLES
from zhuoli.core.scenario.shapes import (
    Anything,
    Bilingual,
    Key,
    Listing,
    Mapping,
    Record,
    Scalar,
    Shape,
    file_shapes,
)
from zhuoli.core.text import Text


def generated_parts(example: Scenario) -> dict[str, str]:
    """The parts by the name of their marker; ``example`` is any scenario (its results are left out)."""
    return {
        "keys": _keys(),
        "capabilities": _capabilities(),
        "directory": _directory(),
        "names": _names(example),
        "mistakes": _mistakes(),
    }


def with_parts(page: str, parts: dict[str, str]) -> str:
    """The page with each part between ``<!-- name -->`` and ``<!-- /name -->`` replaced.

    Raises:
        ValueError: the page lacks a marker.
    """
    for name, text in parts.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        found = pattern.search(page)
        if found is None:
            raise ValueError(f"the page has no part {name}")
        page = f"{page[: found.end(1)]}\n{text}\n{page[found.start(2) :]}"
    return page


def _keys() -> str:
    blocks: list[str] = []
    seen: set[str] = set()
    for file, shape in file_shapes().items():
        blocks.append(f"### `{file}`\n")
        if isinstance(shape, Mapping) and isinstance(shape.item, Record):
            title = TITLES[shape.item.name]
            blocks.append(f"编号对“{title.zh}”，按次序。 Ids and, for each, {title.en.lower()}.\n")
        queue = _records(shape)
        while queue:
            one = queue.pop(0)
            if one.name in seen:
                continue
            seen.add(one.name)
            blocks.append(_record(one))
            for key in one.keys.values():
                queue += _records(key.shape)
    return "\n".join(blocks)


def _records(shape: Shape) -> list[Record]:
    if isinstance(shape, Record):
        return [shape]
    return _records(shape.item) if isinstance(shape, Listing | Mapping) else []


def _record(shape: Record) -> str:
    title = TITLES[shape.name]
    lines = [f'#### <a id="{shape.name.lower()}"></a>{title.zh} · {title.en}', ""]
    if shape.short_text:
        lines += ["可以只写标题：`{zh: …, en: …}`。 May be written as just its title.", ""]
    if shape.short_word:
        lines += [
            f"可以只写一个词，即 `{shape.short_word}`。 May be written as one word, which is then `{shape.short_word}`.",
            "",
        ]
    lines += ["| 键 key | 值 value | 不写则 default | 中文 | English |", "|---|---|---|---|---|"]
    for key in shape.keys.values():
        words = KEYS[shape.name][key.name]
        name = f"**{key.name}**" if key.required else key.name
        cells = (name, _value(key.shape), _default(key), words.zh, words.en)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _value(shape: Shape) -> str:
    match shape:
        case Scalar(choices=choices) if choices:
            return " ".join(f"`{one}`" for one in choices)
        case Scalar(kind=kind):
            return {"word": "text", "integer": "number", "boolean": "`true` `false`", "literal": "any"}[kind]
        case Anything():
            return "any"
        case Bilingual():
            return "`{zh, en}`"
        case Listing(item=item, single=single):
            inner = _value(item)
            return f"{inner}, or a list" if single else f"list of {inner}"
        case Mapping(item=item, ids=ids):
            return f"{'id' if ids else 'word'} → {_value(item)}"
        case Record():
            return f"[{TITLES[shape.name].zh}](#{shape.name.lower()})"


def _default(key: Key) -> str:
    if key.required:
        return "必填 mandatory"
    if isinstance(key.default, bool):
        return f"`{str(key.default).lower()}`"
    if isinstance(key.default, tuple) and key.default and all(isinstance(one, str) for one in key.default):
        return " ".join(f"`{one}`" for one in key.default)
    return f"`{key.default}`" if isinstance(key.default, str | int) and key.default else ""


def _capabilities() -> str:
    lines = ["| call | 做什么 what it does | with |", "|---|---|---|"]
    for name, one in CAPABILITIES.items():
        takes = ", ".join(
            f"`{key}`{'' if each.required else '?'} ({KIND_WORDS[each.kind].zh} {KIND_WORDS[each.kind].en})"
            for key, each in one.parameters.items()
        )
        if one.answers:
            takes += ", `answer_…`? (表单里同名问题的回答 the answer to the question of this name)"
        lines.append(f"| `{name}` | {one.title.zh} · {one.title.en} | {takes} |")
    return "\n".join(lines) + "\n"


def _directory() -> str:
    lines = ["| 职能 competence | | |", "|---|---|---|"]
    lines += [f"| `{name}` | {title.zh} | {title.en} |" for name, title in COMPETENCES.items()]
    lines += ["", "| 岗位 role | | |", "|---|---|---|"]
    lines += [f"| `{name}` | {title.zh} | {title.en} |" for name, title in ROLES.items()]
    return "\n".join(lines) + "\n"


def _names(example: Scenario) -> str:
    lines = ["| 名字 name | 中文 | English | 用在 used in |", "|---|---|---|---|"]
    everywhere = "条件、决策表 conditions, tables"
    for name in CASE_NAMES:
        label = CASE_LABELS.get(name, Text("", ""))
        lines.append(f"| `{name}` | {label.zh} | {label.en} | {everywhere} |")
    for name, label in NOTICE_NAMES.items():
        lines.append(f"| `{name}` | {label.zh} | {label.en} | 通知 notices |")
    counted = "指标、汇入 indicators, feeds"
    for name, kind in indicator_names(example).items():
        words = kind.in_words() if kind.kind != "choice" else Text("选项", "a choice")
        if not name.startswith(MINUTES_TO):
            lines.append(f"| `{name}` | {words.zh} | {words.en} | {counted} |")
    lines.append(f"| `{MINUTES_TO}<milestone>` | 数字 | a number | {counted} |")
    lines.append(f"| `{COUNTY}` | 县区（12 位代码） | the county, a code of 12 digits | 汇入 feeds |")
    lines.append("| `reference.<system>` | 其他系统的编号 | the number of another system | 汇入 feeds |")
    return "\n".join(lines) + "\n"


def _mistakes() -> str:
    lines = ["| code | 说什么 what it says | 怎么办 what to do |", "|---|---|---|"]
    for code, entry in sorted({**READING, **CHECKS}.items()):
        mark = " ⚠" if code in WARNINGS else ""
        lines.append(f"| `{code}`{mark} | {_both(entry, 0)} | {_both(entry, 1)} |")
    return "\n".join(lines) + "\n"


def _both(entry: Entry, part: int) -> str:
    text = entry[part]
    said = f"{text.zh}<br>{text.en}" if text.zh != text.en else text.zh
    said = re.sub(r"\{nearest\}", "", said).replace("{{", "{").replace("}}", "}")
    return said.replace("|", "\\|")
