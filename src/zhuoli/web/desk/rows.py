"""The rows of a list as they are drawn: clock, what, where, who waits how long, what is next, how far it is."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from django.utils.safestring import SafeString

from zhuoli.core.case.plan import LOOP_TITLES, Plan
from zhuoli.core.text import Text
from zhuoli.office import inbox
from zhuoli.office.access import Viewer
from zhuoli.web import clocks, door
from zhuoli.web import lines as lines_of
from zhuoli.web.desk.lists import State
from zhuoli.web.questions import significant
from zhuoli.web.wording import text


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One row as the template shows it; ``others`` are further tasks that the unit has in the case."""

    case: int
    item: str
    url: str
    title: Text
    subject: Text | None
    task: Text | None
    others: int
    place: Text | None
    unit: Text | None
    clock: clocks.Shown
    waits: Text
    since: int
    priority: str
    urges: int
    reopenings: int
    level: int
    mine: bool
    taken: Text | None
    status: str
    strip: SafeString
    open: bool


def lines(
    rows: Iterable[inbox.Row], state: State, viewer: Viewer, now: int, language: str, posts: dict[str, Text]
) -> list[Line]:
    """Return rows with their names; one statement for the states of all of them."""
    library, directory, places = door.office().library, door.directory(), door.places()
    rows = list(rows)
    own = directory.unit(viewer.unit)
    skip = {2: 1, 4: 2}.get(len(significant(own.territory)), 3) if own else 1
    plans = {row.case: library.pinned(row.version, row.scenario) for row in rows}
    seen = lines_of.rows(plans.items(), directory, language, viewer.unit)
    found: list[Line] = []
    for row in rows:
        plan = plans[row.case]
        shown = seen.get(row.case)
        mine = bool(row.post) and row.post == viewer.post
        found.append(
            Line(
                case=row.case,
                item=row.item,
                url=state.url(language, case=row.case, after=""),
                title=plan.scenario.title,
                subject=shown.subject if shown else None,
                task=_task(plan, row.item),
                others=max(0, shown.tasks - 1) if shown and row.item else 0,
                place=places.full_name(row.territory, skip),
                unit=directory.name(row.unit) if row.unit and row.unit != viewer.unit else None,
                clock=clocks.shown(row.due, row.promised, row.stopped, row.since, now),
                waits=_waits(plan, now - row.opened),
                since=row.opened,
                priority=row.priority,
                urges=row.urges,
                reopenings=row.reopenings,
                level=row.level,
                mine=mine,
                taken=posts.get(row.post, text("row.taken")) if row.post and not mine else None,
                status=row.status,
                strip=shown.strip if shown else SafeString(""),
                open=row.case == state.case,
            )
        )
    return found


def _task(plan: Plan, item: str) -> Text | None:
    if not item:
        return None
    return LOOP_TITLES.get(item.partition(":")[0]) or plan.title(item)


def _waits(plan: Plan, ms: int) -> Text:
    """Say who waits and how long already; nobody is named."""
    hours, days = max(0, ms) // 3_600_000, max(0, ms) // 86_400_000
    if days >= 2:
        length = text("length.days", n=days)
    elif hours >= 1:
        length = text("length.hours", n=hours)
    else:
        length = text("length.minutes", n=max(0, ms) // 60_000)
    audience = plan.scenario.audience[0] if plan.scenario.audience else "office"
    return text(f"waits.{audience}", length=length)
