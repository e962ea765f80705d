"""What the shelf says of a model in words: what it found, how precise it is, what it costs, when it last ran."""

from __future__ import annotations

from typing import Any

from zhuoli.core.text import Text
from zhuoli.lake.precision import Precision, Proposal
from zhuoli.lake.results import Run
from zhuoli.office.menu import Line
from zhuoli.web import door
from zhuoli.web.wording import maybe, text

THEMES = (
    "accident",
    "business",
    "document",
    "everyday",
    "fraud",
    "grassroots",
    "legal",
    "loop",
    "safety",
    "service",
    "traffic",
    "village",
    "other",
)
"""Themes that have a name here; any other is shown as it is written."""
_MB = 1_000_000


def theme(name: str) -> Text:
    """Return what a theme is called."""
    return maybe(f"shelf.theme.{name or 'other'}") or Text(name, name)


def share(precision: Precision) -> Text:
    """Return a precision with its interval: 78 % (61–89 %) of 24."""
    if precision.share is None:
        return text("shelf.no_verdict")
    percents = {
        "share": f"{100 * precision.share:.0f}",
        "low": f"{100 * precision.low:.0f}",
        "high": f"{100 * precision.high:.0f}",
    }
    if precision.judged == 1:
        return text("shelf.share_one", **percents)
    return text("shelf.share", **percents, n=precision.judged)


def proposed(proposal: Proposal) -> Text:
    """Return why retirement is proposed, and how sure that is."""
    measured = proposal.precision
    return text(
        f"shelf.proposed.{'certain' if proposal.certain else 'perhaps'}",
        share=f"{100 * (measured.share or 0):.0f}",
        low=f"{100 * measured.low:.0f}",
        high=f"{100 * measured.high:.0f}",
        n=measured.judged,
        floor=proposal.aim.floor,
    )


def cost(run: Run) -> Text:
    """Return what a run cost: time, rows, memory."""
    return text(
        "shelf.cost_of",
        seconds=f"{run.seconds:.2f}" if run.seconds < 10 else f"{run.seconds:.0f}",
        rows=f"{run.rows_read:,}",
        memory=f"{run.memory / _MB:.0f}" if run.memory >= _MB else f"{run.memory / _MB:.1f}",
    )


def place(line: Line) -> Text:
    """Return the name of the territory that a serving is for."""
    found = door.directory().place(line.territory.ljust(12, "0"))
    return found or Text(line.territory, line.territory)


def parameters(line: Line, model: Any) -> list[Text]:
    """Return the parameters of a serving, each with its value: 过期多少天才算 30 天."""
    values = line.serving.values
    return [one.told(values.get(name, one.default)) for name, one in model.query.parameters.items()]


def unit(line: Line) -> Text:
    """Return who serves it: an office, or the folder that it came with."""
    if not line.own:
        return text("shelf.shipped")
    return door.directory().name(line.unit) or Text(line.unit, line.unit)
