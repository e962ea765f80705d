"""Which campaigns a board leads to."""

from __future__ import annotations

from typing import Any

from zhuoli.office.progress import campaigns
from zhuoli.web import door
from zhuoli.web.board.scope import Scope
from zhuoli.web.figures.count import remembered


def links(scope: Scope, lang: str) -> list[dict[str, Any]]:
    """The campaigns that have cases within a board, each with its page; looked up anew every few minutes."""
    plans = campaigns(door.office().library.current(name) for name in door.scenarios())
    names = [plan.scenario.scenario for plan in plans]

    def look() -> list[str]:
        return list(
            scope.cases.filter(scenario__in=names).order_by().values_list("scenario", flat=True).distinct()
        )

    known = remembered(f"campaigns.{scope.viewer.unit}.{scope.place}", look, at_least=300) if names else []
    return [
        {
            "title": plan.scenario.title,
            "url": scope.url("board.progress", lang, scenario=plan.scenario.scenario, place=scope.place),
        }
        for plan in plans
        if plan.scenario.scenario in known
    ]
