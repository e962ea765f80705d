"""The explanation's blocks as parts of a page: their few marks of Markdown become elements, everything else is text."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from zhuoli.core.scenario.explain import Block, Heading, Item

_STRONG = re.compile(r"\*\*([^*]+)\*\*")
_CODE = re.compile(r"`([^`]+)`")
_PLACE = re.compile(r"\{\{\s*([a-z0-9_.]+(?:\s+or\s+[a-z0-9_.]+)*)\s*(?:\|\s*[a-z]+\s*)?\}\}")


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """One block: ``kind`` is h2, h3, p or li; ``depth`` counts for li."""

    kind: str
    said: SafeString
    depth: int = 0


def shown(blocks: Iterable[Block], language: str) -> list[Shown]:
    """Return blocks in one language, ready for a page."""
    found = []
    for block in blocks:
        said = rich(block.text.in_language(language))
        if isinstance(block, Heading):
            found.append(Shown(kind=f"h{min(block.level, 3)}", said=said))
        elif isinstance(block, Item):
            found.append(Shown(kind="li", said=said, depth=block.depth))
        else:
            found.append(Shown(kind="p", said=said))
    return found


def rich(said: str) -> SafeString:
    """Escape a sentence and let ``**…**`` be strong, backticks code, and ``{{…}}`` a place that is filled in."""
    safe = str(escape(said))
    safe = _STRONG.sub(r"<strong>\1</strong>", safe)
    safe = _CODE.sub(r"<code>\1</code>", safe)
    safe = _PLACE.sub(r'<span class="place">\1</span>', safe)
    return mark_safe(safe)  # noqa: S308 - escaped above


def paper(said: str) -> list[tuple[str, SafeString]]:
    """Return a notice's body as paragraphs, headings and items (``p``, ``h``, ``li``)."""
    found: list[tuple[str, SafeString]] = []
    for part in re.split(r"\n\s*\n", said.strip()):
        for line in part.split("\n") if part.lstrip().startswith(("-", "#")) else [part]:
            stripped = line.strip()
            if stripped.startswith("#"):
                found.append(("h", rich(stripped.lstrip("# "))))
            elif stripped.startswith("- "):
                found.append(("li", rich(stripped[2:])))
            else:
                found.append(("p", rich(stripped)))
    return found
