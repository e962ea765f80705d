"""Sentences for people, in both languages, and the mistakes that a person can make."""

from __future__ import annotations

from typing import Literal

import msgspec

Language = Literal["zh", "en"]


class Text(msgspec.Struct, frozen=True):
    """One sentence or label in Chinese and in English; both are always there."""

    zh: str
    en: str

    def in_language(self, language: str) -> str:
        """Return the Chinese text for ``zh`` (and its variants), else the English one."""
        return self.zh if language.startswith("zh") else self.en

    def format(self, **values: object) -> Text:
        """Fill ``{name}`` places in both languages; a ``Text`` value is put in by its language.

        Raises:
            KeyError: a place has no value.
        """
        zh = {key: value.zh if isinstance(value, Text) else value for key, value in values.items()}
        en = {key: value.en if isinstance(value, Text) else value for key, value in values.items()}
        return Text(self.zh.format(**zh), self.en.format(**en))


class Mistake(msgspec.Struct, frozen=True, kw_only=True):
    """Something wrong in what an author wrote: where, what, and what to write instead.

    ``line`` and ``column`` count from 1; 0 means that the mistake belongs to the whole file.
    ``code`` is a stable word for programs and tests, such as ``unknown_name``.
    """

    code: str
    message: Text
    remedy: Text
    file: str = ""
    line: int = 0
    column: int = 0
    severity: Literal["error", "warning"] = "error"

    def at(self, file: str = "", line: int = 0, column: int = 0) -> Mistake:
        """Return the same mistake with its place filled in where it is still empty."""
        return msgspec.structs.replace(
            self, file=self.file or file, line=self.line or line, column=self.column or column
        )
