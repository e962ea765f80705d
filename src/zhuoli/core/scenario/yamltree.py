"""YAML text becomes a tree of nodes that know their line; nothing is guessed.

Only the plain part of YAML is accepted: mappings, lists and single values. Anchors, aliases and tags are
refused because a reader of the file would have to know them; the words ``on``, ``off``, ``yes`` and ``no``
stay words.
"""

from __future__ import annotations

import re
from functools import lru_cache

import yaml

from zhuoli.core.scenario.catalog import mistake
from zhuoli.core.text import Mistake, Text

_SUSPICIOUS = re.compile(r"(?:^|[\s\[{,:?-])(?:[&*]\S|!(?!=))", re.MULTILINE)

_PROBLEMS: dict[str, Text] = {
    "mapping values are not allowed": Text("这里不该出现冒号", "a colon is not expected here"),
    "could not find expected ':'": Text("缺少冒号", "a colon is missing"),
    "did not find expected key": Text("这里应当是一个键", "a key is expected here"),
    "did not find expected ',' or '}'": Text("缺少逗号或 }", "a comma or } is missing"),
    "did not find expected ',' or ']'": Text("缺少逗号或 ]", "a comma or ] is missing"),
    "did not find expected '-' indicator": Text(
        "列表的每一项以“- ”开头", "each item of a list begins with “- ”"
    ),
    "did not find expected node content": Text("这里缺少内容", "something is missing here"),
    "cannot start any token": Text("这里有不能用的字符", "there is a character that cannot stand here"),
    "unexpected end of stream": Text("引号没有写完", "a quotation mark is not closed"),
    "block sequence entries are not allowed": Text("这里不能写列表", "a list cannot stand here"),
    "unexpected document indicator": Text("引号没有写完", "a quotation mark is not closed"),
    "expected a single document": Text("一个文件里写了两份文档", "there are two documents in one file"),
    "but found another document": Text("一个文件里写了两份文档", "there are two documents in one file"),
    "control characters are not allowed": Text(
        "有不可见的控制字符", "there is an invisible control character"
    ),
    "special characters are not allowed": Text(
        "有不可见的控制字符", "there is an invisible control character"
    ),
}

_USUAL_HINT = Text(
    "检查缩进（只用空格）、冒号后的空格和引号；文字里有 : # , {} [] 时放进引号",
    "Check indentation (spaces only), the blank after colons, and quotes; put text with : # , {} [] in quotes",
)
# A full-width sign where YAML wants its own: after a key, before the next one, around a value.
_FULL_WIDTH = re.compile(
    r"^(\s*(?:- )?\w+)\uff1a|\uff0c(?=\s*\w+\s*[:\uff1a])|[\uff5b\uff5d\uff3b\uff3d]|(?<=[:\uff1a] )[\u201c\u201d]"
)
_HALF_WIDTH = {
    "\uff1a": ": ",
    "\uff0c": ", ",
    "\uff5b": "{",
    "\uff5d": "}",
    "\uff3b": "[",
    "\uff3d": "]",
    "\u201c": '"',
    "\u201d": '"',
}


class Loader(yaml.CSafeLoader):
    """libyaml's parser without tag resolution: what a value means is decided by the place where it stands."""

    def descend_resolver(self, *_: object) -> None:
        """Nothing depends on the way down."""

    def ascend_resolver(self) -> None:
        """Nothing depends on the way up."""

    def resolve(self, *_: object) -> str:
        """Every node has the same tag: none."""
        return ""


def compose(text: str, file: str) -> tuple[yaml.Node | None, list[Mistake]]:
    """Read one document; gives its root (or nothing when empty or unreadable) and what is wrong.

    A syntax error ends the reading of this file, at its first place.
    """
    found: list[Mistake] = []
    try:
        if _SUSPICIOUS.search(text):
            found = list(_refused(text, file))
            if found:
                return None, found
        return yaml.compose(text, Loader=Loader), found
    except yaml.MarkedYAMLError as error:
        return None, [_syntax(error, text, file)]
    except (yaml.YAMLError, ValueError) as error:
        return None, [_unreadable(error, text, file)]


def place_of(node: yaml.Node, file: str) -> tuple[str, int, int]:
    """File, line and column (from 1) where a node begins; a borrowed node tells its own file."""
    mark = node.start_mark
    return mark.name if isinstance(mark, yaml.Mark) else file, mark.line + 1, mark.column + 1


@lru_cache(maxsize=64)
def borrowed(text: str, file: str) -> tuple[yaml.Node | None, tuple[Mistake, ...]]:
    """Like ``compose``, for a file that several folders share: read once, and its nodes know which file they are of."""
    root, found = compose(text, file)
    waiting = [root] if root is not None else []
    while waiting:
        node = waiting.pop()
        mark = node.start_mark
        node.start_mark = yaml.Mark(file, mark.index, mark.line, mark.column, None, 0)
        if isinstance(node, yaml.SequenceNode):
            waiting += node.value
        elif isinstance(node, yaml.MappingNode):
            waiting += [one for pair in node.value for one in pair]
    return root, tuple(found)


def completed(own: yaml.Node, shared: yaml.Node) -> yaml.Node:
    """The folder's own mapping with what it leaves out taken from the shared one, whole keys at a time."""
    if not (isinstance(own, yaml.MappingNode) and isinstance(shared, yaml.MappingNode)):
        return own
    written = {key.value for key, _ in own.value}
    more = [pair for pair in shared.value if pair[0].value not in written]
    return yaml.MappingNode(own.tag, [*own.value, *more], own.start_mark, own.end_mark)


def _refused(text: str, file: str) -> list[Mistake]:
    found = []
    for event in yaml.parse(text, Loader=Loader):
        mark = event.start_mark
        place = (file, mark.line + 1, mark.column + 1) if mark else (file, 1, 1)
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            found.append(mistake("yaml_anchor", place, found=f"*{anchor}"))
        elif anchor is not None:
            found.append(mistake("yaml_anchor", place, found=f"&{anchor}"))
        elif (tag := getattr(event, "tag", None)) is not None:
            found.append(mistake("yaml_tag", place, found=tag))
    return found


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str) -> Mistake:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    column = mark.column if mark else 0
    lines = text.splitlines() or [""]
    near = lines[max(0, line - 1) : line + 1]
    problem = error.problem or error.context or "?"
    words = next((known for start, known in _PROBLEMS.items() if start in problem), Text(problem, problem))
    return mistake(
        "yaml_syntax",
        place=(file, min(line, len(lines) - 1) + 1, column + 1),
        problem=words,
        hint=_hint(near, problem),
    )


def _hint(near: list[str], problem: str) -> Text:
    if any(line[: len(line) - len(line.lstrip())].count("\t") for line in near):
        return Text("缩进请用空格，不用制表符", "Indent with spaces, not with tabs")
    if "document" in problem and "quotation" not in problem:
        return Text(
            "一个文件只写一份，删去中间的 ---", "One file holds one document: remove the --- in between"
        )
    for line in near:
        if _FULL_WIDTH.search(line):
            better = _FULL_WIDTH.sub(_halve, line).strip()
            return Text(
                f"YAML 的标点用半角：{better}",
                f"YAML wants half-width punctuation: {better}",
            )
    return _USUAL_HINT


def _halve(match: re.Match[str]) -> str:
    return f"{match[1]}: " if match[1] else _HALF_WIDTH[match[0]]


def _unreadable(error: Exception, text: str, file: str) -> Mistake:
    position = getattr(error, "position", None)
    line = text.count("\n", 0, position) + 1 if isinstance(position, int) and position >= 0 else 1
    return mistake(
        "yaml_syntax",
        place=(file, line, 1),
        problem=_PROBLEMS["control characters are not allowed"],
        hint=_USUAL_HINT,
    )
