"""The sketch of a case in its papers: drawn where the notice has it, as it was when the paper was issued."""

from __future__ import annotations

from zhuoli.channels.papers import Block, Drawing, Heading, Paragraph, blocks_of
from zhuoli.core.case.notices import SKETCH_MARK
from zhuoli.core.case.state import Case
from zhuoli.web.evidence import sketch
from zhuoli.web.wording import text


def drawing_of(case: Case, lang: str, before: str = "") -> Drawing | None:
    """Return the sketch of a case for paper, as it was when the file ``before`` came; None when there is none."""
    found = sketch.latest(case, before)
    if found is None:
        return None
    places = sketch.places_of(case) if found.county or found.center else ()
    drawn = sketch.svg(found, lang, ident="sketch", places=places, printed=True)
    return Drawing(drawn, found.picture.says.in_language(lang))


def paper_blocks(case: Case, file: str, body: str, lang: str) -> tuple[Block, ...]:
    """Return the blocks of a filed notice, with the sketch where it has one; without one nothing stands there."""
    blocks: list[Block] = []
    for block in blocks_of(body):
        if not isinstance(block, Paragraph) or "".join(run.text for run in block.line).strip() != SKETCH_MARK:
            blocks.append(block)
            continue
        drawn = drawing_of(case, lang, file)
        if drawn is not None:
            blocks += [Heading(text("sketch.title").in_language(lang)), drawn]
    return tuple(blocks)
