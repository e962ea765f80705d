"""Explains a scenario on one page: who may raise it, what is asked, who does what until when, how it ends.

The page is Markdown, in the language asked for; nothing on it is written by hand but the scenario itself.
"""

from __future__ import annotations

from zhuoli.core.scenario.explain.page import Block, Heading, Item, Paragraph, Section, pages, sections
from zhuoli.core.scenario.explain.words import Words
from zhuoli.core.scenario.model import Scenario

__all__ = ["Block", "Heading", "Item", "Paragraph", "Section", "Words", "explain", "pages", "sections"]


def explain(scenario: Scenario, language: str = "zh") -> str:
    """Return the page for a checked scenario.

    Raises:
        FeelErrors: an expression or table is wrong (the checker would have said so).
    """
    lines: list[str] = []
    for block in pages(scenario):
        said = block.text.in_language(language).strip()
        if isinstance(block, Heading):
            lines += ["", f"{'#' * block.level} {said}", ""]
        elif isinstance(block, Item):
            lines.append(f"{'  ' * block.depth}- {said}")
        else:
            lines += ["", said, ""]
    text = "\n".join(lines).strip()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return f"{text}\n"
