"""Which cases came of which serving, and how they ended: from this the precision of models is read at any time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from django.db.models import Count, QuerySet

from zhuoli.store.models import FoundRecord

End = tuple[str, str, int]
"""Status and result of cases, and how many there are."""


def link(scenario: str, pairs: Iterable[tuple[int, str]], alias: str = "default") -> None:
    """Keep which servings (second) found what a case (first) is about; what is kept already stays."""
    rows = [FoundRecord(case_id=case, serving=serving, scenario=scenario) for case, serving in pairs]
    if rows:
        FoundRecord.objects.using(alias).bulk_create(rows, ignore_conflicts=True, batch_size=300)


def linked(alias: str = "default") -> dict[str, int]:
    """Return how many pairs of a case and a serving are kept, by scenario."""
    rows = FoundRecord.objects.using(alias).values_list("scenario").annotate(n=Count("case_id")).order_by()
    return dict(rows)


def ends_of_models(scenarios: Collection[str] = (), alias: str = "default") -> dict[str, list[End]]:
    """Return how the cases of models ended, each case once, by scenario (none named: of all)."""
    found: dict[str, list[End]] = defaultdict(list)
    rows = _rows(scenarios, alias).values_list("scenario", "case__status", "case__result")
    for scenario, status, result, count in rows.annotate(n=Count("case_id", distinct=True)).order_by():
        found[scenario].append((status, result, count))
    return found


def ends_of_servings(
    scenarios: Collection[str] = (), alias: str = "default"
) -> dict[tuple[str, str], list[End]]:
    """Return how the cases of servings ended, by scenario and serving (no scenario named: of all)."""
    found: dict[tuple[str, str], list[End]] = defaultdict(list)
    rows = _rows(scenarios, alias).values_list("scenario", "serving", "case__status", "case__result")
    for scenario, serving, status, result, count in rows.annotate(n=Count("case_id")).order_by():
        found[scenario, serving].append((status, result, count))
    return found


def _rows(scenarios: Collection[str], alias: str) -> QuerySet[FoundRecord]:
    rows = FoundRecord.objects.using(alias)
    return rows.filter(scenario__in=list(scenarios)) if scenarios else rows.all()
