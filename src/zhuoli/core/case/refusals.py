"""Why a command is not granted, in words that the person who issued it understands."""

from __future__ import annotations

from collections.abc import Mapping

from zhuoli.core.text import Text


class Refusal(Exception):
    """A command is refused; nothing has changed.

    ``code`` is a stable word, ``text`` says what and why, ``remedy`` what to do; ``fields`` says it for
    single answers, by the question's own name.
    """

    def __init__(self, code: str, text: Text, remedy: Text, fields: Mapping[str, Text] | None = None) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code = code
        self.text = text
        self.remedy = remedy
        self.fields: dict[str, Text] = dict(fields or {})
