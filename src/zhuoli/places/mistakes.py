"""What is wrong with taken-in data: every mistake with its place, all of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from zhuoli.core.text import Mistake, Text


class BadPlaces(Exception):
    """A file of territories or boundaries cannot be used; ``mistakes`` says why, line by line."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        first = self.mistakes[0]
        more = f" (+{len(self.mistakes) - 1})" if len(self.mistakes) > 1 else ""
        super().__init__(f"{first.file}:{first.line}: {first.code}: {first.message.en}{more}")


_NEW_COPY = Text("重新取一份完整的数据文件。", "Fetch a complete copy of the data file again.")


def mistake(code: str, zh: str, en: str, *, file: str, line: int = 0, remedy: Text = _NEW_COPY) -> Mistake:
    """Return one mistake in a data file; ``line`` counts from 1, 0 means the whole file."""
    return Mistake(code=code, message=Text(zh, en), remedy=remedy, file=file, line=line)
