"""All territories in memory: names, children, paths, and search by Chinese characters or pinyin."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

from zhuoli.core.text import Text
from zhuoli.places.divisions import Division

_RANK = {"province": 0, "prefecture": 1, "county": 2, "township": 3, "community": 4, "village": 5}


class Places:
    """An index over territories; immutable after it is made."""

    def __init__(self, divisions: Iterable[Division]) -> None:
        self.all = tuple(sorted(divisions, key=lambda each: (_RANK[each.level], each.code)))
        self._by_code = {each.code: each for each in self.all}
        children: dict[str, list[Division]] = {}
        for each in self.all:
            children.setdefault(each.parent, []).append(each)
        self._children = {parent: tuple(found) for parent, found in children.items()}

    def __len__(self) -> int:
        return len(self.all)

    def get(self, code: str) -> Division | None:
        """Return the territory with this 12-digit code, or None."""
        return self._by_code.get(code)

    def children(self, code: str = "") -> tuple[Division, ...]:
        """Return the territories directly below ``code``, by code; the highest ones for an empty code."""
        return self._children.get(code, ())

    def path(self, code: str) -> tuple[Division, ...]:
        """Return the territories from the top down to ``code``; empty when there is no such code."""
        found: list[Division] = []
        here = self._by_code.get(code)
        while here is not None:
            found.append(here)
            here = self._by_code.get(here.parent)
        return tuple(reversed(found))

    def full_name(self, code: str, skip: int = 1) -> Text | None:
        """Return the whole name of a place in both orders, without the ``skip`` highest levels; None if unknown.

        兰州市城关区酒泉路街道; Jiuquanlu Subdistrict, Chengguan District, Lanzhou City.
        """
        found = self.path(code)
        if not found:
            return None
        found = found[skip:] or found
        # Jiayuguan is its own county: the name is not said twice.
        names = [
            each
            for number, each in enumerate(found)
            if not number or each.name_zh != found[number - 1].name_zh
        ]
        return Text(
            "".join(each.name_zh for each in names), ", ".join(each.name_en for each in reversed(names))
        )

    def search(self, text: str, *, within: str = "", limit: int = 20) -> tuple[Division, ...]:
        """Find territories by a part of the Chinese name, by pinyin initials or by the start of the pinyin.

        ``within`` is a prefix of codes. Exact names come first, then names that begin so, then names that
        contain it; within each, higher levels first.
        """
        wanted = "".join(text.split()).lower()
        if not wanted or limit < 1:
            return ()
        if any("\u3400" <= character <= "\u9fff" for character in wanted):
            keys, whole = self._chinese, False
        else:
            keys, whole = self._pinyin, True
            wanted = _plain(wanted)
        first: list[Division] = []
        second: list[Division] = []
        third: list[Division] = []
        for key, each in zip(keys, self.all, strict=True):
            position = key.find(wanted)
            if position < 0 or (within and not each.code.startswith(within)):
                continue
            if whole:
                # "initials\tpinyin": only beginnings count, else short words find everything.
                cut = key.index("\t")
                if wanted in (key[:cut], key[cut + 1 :]):
                    first.append(each)
                elif key.startswith(wanted) or key.startswith(wanted, cut + 1):
                    second.append(each)
            elif key == wanted:
                first.append(each)
            elif position == 0:
                second.append(each)
            else:
                third.append(each)
        return tuple([*first, *second, *third][:limit])

    @cached_property
    def _chinese(self) -> list[str]:
        return [each.name_zh for each in self.all]

    @cached_property
    def _pinyin(self) -> list[str]:
        return [each.initials + "\t" + _plain(each.name_en) for each in self.all]


def _plain(text: str) -> str:
    return text.lower().replace("ü", "v").replace("'", "").replace("’", "").replace(" ", "")
