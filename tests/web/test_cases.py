"""How answers are said on pages."""

from __future__ import annotations

import pytest
import tests.web.site  # noqa: F401 - sets Django up

from zhuoli.core.scenario.model import Question
from zhuoli.core.text import Text
from zhuoli.web.cases import in_words


@pytest.mark.parametrize("kind", ["yes_no", "calculate"])
def test_a_conclusion_is_yes_or_no_not_a_word_of_the_program(kind: str) -> None:
    question = Question(type=kind, title=Text("不足七日", "Less than seven days"))  # type: ignore[arg-type]
    assert in_words(question, True, None) == Text("是", "Yes")
    assert in_words(question, False, None) == Text("否", "No")
