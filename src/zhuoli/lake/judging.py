"""Models as people have judged them: menu, precision and proposals of each model and of each of its servings."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from zhuoli.core.scenario.model import Scenario
from zhuoli.lake.precision import Precision, Proposal, counted, proposal
from zhuoli.office.found import ends_of_models, ends_of_servings
from zhuoli.office.menu import Line, Menu, menus


class JudgedServing(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the menu with its precision; ``proposal`` when it is proposed for retirement."""

    line: Line
    precision: Precision
    proposal: Proposal | None


class Judged(msgspec.Struct, frozen=True, kw_only=True):
    """One model: ``precision`` counts each case once; ``proposal`` when the whole model is proposed for retirement."""

    scenario: Scenario
    menu: Menu
    precision: Precision
    proposal: Proposal | None
    servings: tuple[JudgedServing, ...]

    @property
    def served(self) -> tuple[JudgedServing, ...]:
        """The servings that the night runs."""
        return tuple(one for one in self.servings if self.menu.on and one.line.on and not one.line.stale)

    @property
    def proposed(self) -> bool:
        """Whether a person is asked to decide about the model or one of its servings."""
        return self.proposal is not None or any(one.proposal for one in self.servings)


def judged(scenarios: Iterable[Scenario], alias: str = "default") -> dict[str, Judged]:
    """Return models by scenario, in three statements however many there are."""
    models = {one.scenario: one for one in scenarios if one.query is not None}
    names = list(models) if len(models) <= 500 else ()
    of_models, of_servings = ends_of_models(names, alias), ends_of_servings(names, alias)
    found = {}
    for name, menu in menus(models.values(), alias).items():
        query = models[name].query
        assert query is not None  # noqa: S101 - only models with a query are here
        whole = counted(query, of_models.get(name, ()))
        lines = []
        for line in menu.lines:
            precision = counted(query, of_servings.get((name, line.serving.id), ()))
            asked = proposal(query.precision, precision, line.kept_at) if menu.on and line.on else None
            lines.append(JudgedServing(line=line, precision=precision, proposal=asked))
        found[name] = Judged(
            scenario=models[name],
            menu=menu,
            precision=whole,
            proposal=proposal(query.precision, whole, menu.kept_at) if menu.on else None,
            servings=tuple(lines),
        )
    return found
