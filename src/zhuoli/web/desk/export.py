"""The list as it stands, as CSV or Excel: facts of cases and tasks, nothing of a person and no text that somebody wrote.

Only the columns below ever leave, whatever a row may hold one day. Who took which list when is kept.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.views.decorators.http import require_safe

from zhuoli.core.case.plan import LOOP_TITLES
from zhuoli.core.text import Text
from zhuoli.core.worktime import local
from zhuoli.office import exports, inbox, references
from zhuoli.office.access import Viewer, require_post
from zhuoli.office.narrow import Filter, colour_of
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.desk import lists, sheets
from zhuoli.web.errors import bad_parameter
from zhuoli.web.wording import text

MOST = 10_000
"""So many rows at most; the note at the end says so."""
PAGE = 500
TAKERS = ("officer", "dispatcher", "supervisor")
"""The roles that may take a list away."""
COLUMNS = (
    "receipt",
    "number",
    "matter",
    "place",
    "territory",
    "status",
    "stage",
    "task",
    "unit",
    "priority",
    "colour",
    "opened",
    "since",
    "promised",
    "due",
    "urges",
    "reopenings",
    "level",
)
"""Everything that may leave, in this order."""


@require_safe
def export_page(request: HttpRequest) -> HttpResponse | StreamingHttpResponse | FileResponse:
    """Give the list of a queue with its filter as ``form`` csv or xlsx."""
    viewer = asked(request).viewer
    actor = require_post(viewer, *TAKERS)
    form = request.GET.get("form", "csv")
    if form not in ("csv", "xlsx"):
        raise bad_parameter("form")
    state = lists.read(request.GET, viewer)
    queue = state.queue
    found = _read(viewer, queue, state.narrowed)
    exports.note(
        at=when.now(),
        unit=actor.unit,
        post=actor.post,
        what=f"queue:{queue}",
        form=form,
        rows=min(len(found), MOST),
    )
    headings = [text(f"column_out.{name}") for name in COLUMNS]
    notes = [
        text(
            "export.what", queue=text(f"queue.{queue}"), n=min(len(found), MOST), at=when.machine(when.now())
        ),
        sheets.left_out(MOST),
    ]
    if len(found) > MOST:
        notes.insert(1, text("export.cut", most=f"{MOST:,}"))
    rows = _rows(found[:MOST], viewer, when.now())
    name, lang = (
        text("file.list", queue=text(f"queue.{queue}"), day=local(when.now()).date().isoformat()),
        asked(request).lang,
    )
    return (
        sheets.as_xlsx(name, headings, rows, notes, lang)
        if form == "xlsx"
        else sheets.as_csv(name, headings, rows, notes, lang)
    )


def _read(viewer: Viewer, queue: inbox.Queue, narrowed: Filter) -> list[inbox.Row]:
    """Read the rows page by page, one more than may leave, so that the note can say that there are more."""
    found: list[inbox.Row] = []
    after = ""
    while len(found) <= MOST:
        page = inbox.page(
            viewer, door.directory(), queue, now=when.now(), after=after, narrowed=narrowed, size=PAGE
        )
        found += page.rows
        after = page.after
        if not after:
            break
    return found


def _rows(rows: list[inbox.Row], viewer: Viewer, now: int) -> Iterator[list[sheets.Cell]]:
    for start in range(0, len(rows), PAGE):
        part = rows[start : start + PAGE]
        numbers = references.numbers_of(row.case for row in part)
        for row in part:
            held = ", ".join(f"{each.system}: {each.number}" for each in numbers.get(row.case, ()))
            values = _values(row, held, now)
            yield [values[name] for name in COLUMNS]


def _values(row: inbox.Row, numbers: str, now: int) -> dict[str, sheets.Cell]:
    plan = door.office().library.pinned(row.version, row.scenario)
    directory = door.directory()
    name = row.item.partition(":")[0]
    task = LOOP_TITLES.get(name) or (plan.title(row.item) if row.item else None)
    colour = colour_of(row.due, row.promised, row.stopped, row.since, now)
    return {
        "receipt": row.receipt,
        "number": numbers,
        "matter": _said(plan.scenario.title),
        "place": _said(door.places().full_name(row.territory, skip=1)),
        "territory": row.territory,
        "status": _said(text(f"status.{row.status}")),
        "stage": _said(plan.title(row.stage) if row.stage else None),
        "task": _said(task),
        "unit": _said(directory.name(row.unit) if row.unit else None),
        "priority": _said(text(f"option.{row.priority}")),
        "colour": _said(text(f"colour.{colour}")),
        "opened": sheets.instant(row.opened),
        "since": sheets.instant(row.since),
        "promised": sheets.instant(row.promised),
        "due": sheets.instant(row.due),
        "urges": row.urges,
        "reopenings": row.reopenings,
        "level": row.level,
    }


def _said(said: Text | None) -> str:
    return "" if said is None else sheets.both(said)
