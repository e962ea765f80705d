"""Which campaigns a board leads to."""

from __future__ import annotations

from typing import Any

from zhuoli.office.progress import campaigns
from zhuoli.web import door
from zhuoli.web.board.scope import Scope


def links(scope: Scope, lang: str) -> list[dict[str, Any]]:
    """The campaigns that have cases within a board, each with its page."""
    plans = campaigns(door.office().library.current(name) for name in door.scenarios())
    known = set(scope.cases.values_list("scenario", flat=True).distinct()) if plans else set()
    return [
        {
            "title": plan.scenario.title,
            "url": scope.url("board.progress", lang, scenario=plan.scenario.scenario, place=scope.place),
        }
        for plan in plans
        if plan.scenario.scenario in known
    ]
