"""Many rows at once: each is a command of its own through the door, and each result is told.

There is no “all or nothing” here on purpose: what one row refuses is no reason to leave the others undone.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import Actor
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office.access import Denied, Viewer, require_handler, require_sight
from zhuoli.office.errors import OfficeError
from zhuoli.store.codec import decode_state
from zhuoli.store.models import StateRecord
from zhuoli.web import acting, acts, cases, door
from zhuoli.web.context import asked
from zhuoli.web.desk import fresh, lists
from zhuoli.web.errors import BadRequestPage, bad_parameter
from zhuoli.web.wording import text

WHAT = ("claim", "assign", "release", "urge")
MOST = 100
"""So many rows are taken at once."""


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one row; ``why`` is None when it was done."""

    case: int
    item: str
    title: Text
    why: Text | None = None
    remedy: Text | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """What became of all rows, and what takes it back (empty: nothing does)."""

    what: str
    done: tuple[Told, ...]
    refused: tuple[Told, ...]
    undo: str
    key: str

    @property
    def say(self) -> Text:
        """The result in one sentence."""
        if not self.refused:
            return text(f"bulk_done.{self.what}", n=len(self.done))
        return text("bulk.some", done=len(self.done), refused=len(self.refused))


@require_POST
def bulk_page(request: HttpRequest) -> HttpResponse:
    """Claim, assign, give back or urge the chosen rows."""
    page = asked(request)
    viewer = page.viewer
    actor = require_handler(viewer)
    what = request.POST.get("what", "")
    if what not in WHAT:
        raise bad_parameter("what")
    key = acts.read_key(request.POST)
    rows = _rows(request.POST.getlist("row"))
    posts = dict(acting.post_options(viewer.unit))
    post = request.POST.get("post", "")
    state = lists.of_address(page.htmx.current_url or request.headers.get("Referer"), viewer)
    state = state or lists.State()
    if not rows:
        return _wrong(request, state, text("bulk.none"), text("bulk.none.remedy"))
    if what == "assign" and post not in posts:
        return _wrong(request, state, text("bulk.no_post"), text("bulk.no_post.remedy"))
    told = perform(what, rows, post, key, viewer, actor)
    result = Result(
        what=what,
        done=tuple(each for each in told if each.why is None),
        refused=tuple(each for each in told if each.why is not None),
        undo={"claim": "release", "assign": "release", "release": "claim"}.get(what, "")
        if "_undo" not in request.POST
        else "",
        key=acts.new_key(),
    )
    if page.htmx:
        return fresh.after_bulk(request, state, result, [case for case, _ in rows])
    return render(
        request,
        "desk/bulk.html",
        {
            "page": "desk",
            "result": result,
            "back": state.url(page.lang, case=None),
            "bulk_key": acts.new_key(),
        },
    )


def perform(
    what: str, rows: Sequence[tuple[int, str]], post: str, key: str, viewer: Viewer, actor: Actor
) -> list[Told]:
    """Do it row by row; the states to look at come in one statement, each command has a transaction of its own.

    The key of each command follows from the form's key and the row: a form that is sent twice does nothing twice.
    """
    states = {
        case: decode_state(state)
        for case, state in StateRecord.objects.filter(case_id__in=[case for case, _ in rows]).values_list(
            "case_id", "state"
        )
    }
    told: list[Told] = []
    for case, item in rows:
        state = states.get(case)
        if state is None:
            told.append(Told(case=case, item=item, title=Text(str(case), str(case)), why=text("bulk.gone")))
            continue
        name = Text(str(case), str(case))
        try:
            require_sight(viewer, state, door.directory())
            name = _name(state)
            door.perform(
                key=str(uuid.uuid5(uuid.UUID(key), f"{case}:{item}")),
                case=case,
                actor=actor,
                command=_command(what, item, post),
                expected_seq=None,
            )
        except (Refusal, OfficeError, Denied) as no:
            told.append(Told(case=case, item=item, title=name, why=no.text, remedy=no.remedy))
        else:
            told.append(Told(case=case, item=item, title=name))
    return told


def _command(what: str, item: str, post: str) -> c.Command:
    if what == "claim":
        return c.Claim(task=item)
    if what == "assign":
        return c.Assign(task=item, post=post)
    if what == "release":
        return c.Release(task=item)
    return c.Urge()


def _name(state: Case) -> Text:
    plan = door.plan_of(state)
    about = cases.subject(plan, state) or plan.scenario.title
    return Text(f"{about.zh}（{state.receipt}）", f"{about.en} ({state.receipt})")


def _rows(given: Sequence[str]) -> list[tuple[int, str]]:
    found: dict[tuple[int, str], None] = {}
    for each in given[:MOST]:
        case, _, item = each.partition(":")
        if not (case.isascii() and case.isdigit() and int(case) < 1 << 63) or len(item) > 200:
            raise bad_parameter("row")
        found[int(case), item] = None
    if len(given) > MOST:
        raise BadRequestPage(text("bulk.too_many", n=MOST), text("bulk.too_many.remedy"), status=422)
    return list(found)


def _wrong(request: HttpRequest, state: lists.State, what: Text, remedy: Text) -> HttpResponse:
    if asked(request).htmx:
        return fresh.note(request, what, remedy, status=422)
    raise BadRequestPage(what, remedy, status=422)
