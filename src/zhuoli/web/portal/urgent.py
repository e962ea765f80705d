"""Words for which a web page is the wrong place: they are met with the number to call.

``urgent.csv`` beside this file says which words lead to which number; it is meant to be read and corrected by people who
take such calls. A false alarm costs a moment, a missed one may cost a life: so slips of the keys, words that sound
alike and different forms count, and a denial counts only where it stands directly before every mention.

A cell lists alternatives, in Chinese separated by 、 and in English by ; . ``+`` joins words that must all be there. Three
signs and more are compared by their sound, too, and shorter words where ``~`` says so: 找火 is heard as 着火, but 大家
is not taken for 打架. What stands under *not when* is taken out of the sentence before the rest is looked at. The
rows stand in the order in which they are shown.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

import msgspec

TABLE = Path(__file__).with_name("urgent.csv")
MOST = 2
"""So many kinds of danger are shown at once; more numbers would make nobody call."""

_ALOUD = 3
"""Words of so many signs are compared by sound without being marked."""
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CLAUSE = re.compile(r"[.,;:!?\n()—–]+")
_DOUBLED = re.compile(r"(.)\1+")
_WORD = re.compile(r"[a-z0-9]+(?:'[a-z]+)?")
# 没有人受伤, 未发生火灾; but 不是没有, 有没有, 能不能 deny nothing.
_DENIED = re.compile(
    r"(?<![有是能])(?:没有?|无|未|不是|并非|不会)(?:人|被|有|任何|什么|再|发生|出现|造成|明显)*$"
)
_UNDONE = re.compile(r"(?:不是|不能说|有|是不是)没有?(?:人|被|有|再|发生|出现)*$")
_NEGATORS = frozenset(
    [
        "no",
        "not",
        "never",
        "without",
        "nobody",
        "none",
        "nothing",
        "noone",
        "cannot",
        "isn't",
        "wasn't",
        "aren't",
        "weren't",
        "hasn't",
        "haven't",
        "didn't",
        "doesn't",
        "don't",
        "ain't",
        "isnt",
        "wasnt",
        "arent",
        "didnt",
        "doesnt",
        "dont",
    ]
)
_FILLERS = frozenset(
    [
        "is",
        "was",
        "are",
        "were",
        "been",
        "be",
        "being",
        "a",
        "an",
        "any",
        "one",
        "the",
        "got",
        "get",
        "gets",
        "has",
        "have",
        "had",
        "anybody",
        "anyone",
        "somebody",
        "yet",
        "seriously",
        "badly",
        "here",
        "there",
    ]
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """One kind of danger: whom to call, and the words for it (alternatives of words that belong together)."""

    kind: str
    call: tuple[str, ...]
    zh: tuple[tuple[str, ...], ...]
    en: tuple[tuple[tuple[str, ...], ...], ...]
    not_zh: tuple[str, ...]
    not_en: tuple[tuple[str, ...], ...]


class BadTable(Exception):
    """The table of urgent words cannot be used."""


@cache
def table() -> tuple[Row, ...]:
    """Read the table.

    Raises:
        BadTable: a row without number or words, or the same kind twice.
    """
    rows: list[Row] = []
    with TABLE.open(encoding="utf-8", newline="") as source:
        for number, cells in enumerate(csv.DictReader(source), start=2):
            call = tuple(cells["call"].split())
            zh, en = _cells(cells["when said (zh)"], "、"), _cells(cells["when said (en)"], ";")
            if not zh or not en or not call or not all(each.isdigit() for each in call):
                raise BadTable(f"{TABLE.name}, line {number}: needs a number and words in both languages")
            if any(row.kind == cells["kind"] for row in rows):
                raise BadTable(f"{TABLE.name}, line {number}: {cells['kind']} is there twice")
            rows.append(
                Row(
                    kind=cells["kind"],
                    call=call,
                    zh=tuple(tuple(each.split("+")) for each in zh),
                    en=tuple(tuple(tuple(_WORD.findall(part)) for part in each.split("+")) for each in en),
                    not_zh=_cells(cells["not when (zh)"], "、"),
                    not_en=tuple(tuple(_WORD.findall(each)) for each in _cells(cells["not when (en)"], ";")),
                )
            )
    return tuple(rows)


def urgent(said: str) -> list[Row]:
    """Return the kinds of danger that the words may speak of, at most two, the gravest first."""
    text = unicodedata.normalize("NFKC", said).lower().replace("’", "'")
    chinese = "".join(text.split())
    found = [row for row in table() if _in_chinese(row, chinese) or _in_english(row, text)]
    return found[:MOST]


def _cells(cell: str, separator: str) -> tuple[str, ...]:
    return tuple(each.strip() for each in cell.split(separator) if each.strip())


# --- Chinese -------------------------------------------------------------------------------------------


def _in_chinese(row: Row, text: str) -> bool:
    if not _CHINESE.search(text):
        return False
    for each in sorted(row.not_zh, key=len, reverse=True):
        text = text.replace(each, "，")
    sounds = _sounds(text)
    return any(all(_says(text, sounds, part) for part in parts) for parts in row.zh)


def _says(text: str, sounds: str, part: str) -> bool:
    """Whether the words are there, by their signs or their sound, and not denied each time."""
    aloud = part.startswith("~") or len(part) >= _ALOUD
    part = part.removeprefix("~")
    starts = _places(text, part)
    if aloud:
        # Syllables are counted by the separators before them.
        starts += [sounds.count(" ", 0, at) for at in _places(sounds, _sounds(part))]
    return any(not _denied(text[max(0, start - 10) : start]) for start in starts)


def _places(text: str, part: str) -> list[int]:
    found: list[int] = []
    at = text.find(part)
    while at >= 0:
        found.append(at)
        at = text.find(part, at + 1)
    return found


def _denied(before: str) -> bool:
    return bool(_DENIED.search(before)) and not _UNDONE.search(before)


def _apart(run: str) -> list[str]:
    return list(run)


@lru_cache(maxsize=4096)
def _sounds(text: str) -> str:
    """Return one syllable for each sign, without tones, each between blanks; other signs stand for themselves."""
    from pypinyin import lazy_pinyin  # its dictionary is large

    return "".join(f" {each}" for each in lazy_pinyin(text, errors=_apart)) + " "  # type: ignore[arg-type]


# --- English -------------------------------------------------------------------------------------------


def _in_english(row: Row, text: str) -> bool:
    clauses = [_WORD.findall(clause) for clause in _CLAUSE.split(text)]
    clauses = [_without(words, row.not_en) for words in clauses if words]
    return any(all(any(_is_in(words, part) for words in clauses) for part in parts) for parts in row.en)


def _without(words: list[str], phrases: tuple[tuple[str, ...], ...]) -> list[str]:
    for phrase in phrases:
        for start in range(len(words) - len(phrase) + 1):
            if tuple(words[start : start + len(phrase)]) == phrase:
                words = [*words[:start], "…", *words[start + len(phrase) :]]
                break
    return words


def _is_in(words: list[str], phrase: tuple[str, ...]) -> bool:
    for start in range(len(words) - len(phrase) + 1):
        here = words[start : start + len(phrase)]
        if all(_near(word, wanted) for word, wanted in zip(here, phrase, strict=True)):
            before = words[max(0, start - 5) : start]
            if not any(_negates(before)):
                return True
    return False


def _negates(before: list[str]) -> Iterator[bool]:
    """Look back over words that say nothing, to a denial."""
    for word in reversed(before):
        if word in _NEGATORS:
            yield True
            return
        if word not in _FILLERS:
            return


@lru_cache(maxsize=65536)
def _near(word: str, wanted: str) -> bool:
    """Whether a word is the wanted one, or one slip of the keys away from it (words of five letters and more).

    The first letter must agree: that keeps billed from being killed.
    """
    word, wanted = _DOUBLED.sub(r"\1", word), _DOUBLED.sub(r"\1", wanted)
    if word == wanted:
        return True
    if len(wanted) < 5 or len(word) < 4 or abs(len(word) - len(wanted)) > 1 or word[0] != wanted[0]:
        return False
    start = 0
    while start < min(len(word), len(wanted)) and word[start] == wanted[start]:
        start += 1
    rest, other = word[start:], wanted[start:]
    swapped = (
        len(rest) == len(other) > 1 and rest[0] == other[1] and rest[1] == other[0] and rest[2:] == other[2:]
    )
    return swapped or rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
