"""Papers: what a case says, set as a PDF in one look.

    pdf = print_paper(paper)    # raises PaperFailed

The sentences come in as data and are never part of the typesetting language, so nothing that somebody has written can
act. A sign that the font does not have is shown by its number, never left out.
"""

from zhuoli.channels.papers.document import (
    Block,
    Drawing,
    Facts,
    Heading,
    Items,
    Paper,
    Paragraph,
    Quote,
    Run,
    Steps,
    Table,
    plain,
)
from zhuoli.channels.papers.markdown import blocks_of
from zhuoli.channels.papers.printing import PaperFailed, print_paper

__all__ = [
    "Block",
    "Drawing",
    "Facts",
    "Heading",
    "Items",
    "Paper",
    "PaperFailed",
    "Paragraph",
    "Quote",
    "Run",
    "Steps",
    "Table",
    "blocks_of",
    "plain",
    "print_paper",
]
