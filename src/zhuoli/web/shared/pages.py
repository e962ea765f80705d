"""The pages of a body that parties let read: the list of what was passed on to it, and one of them.

Nothing else of the office is open to it. It sees the papers that were issued to the party that passed them on, with
everything that looks personal masked and the other side's data left out; that party's own answers that the stated purpose
covers, each look recorded where the party reads it; and the blurred copies of what that party brought. Until it has taken the
matter up it sees only that there is one.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.case.facts import SYSTEM, Actor
from zhuoli.core.case.notices import fill_later
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.sharing import share_key
from zhuoli.core.case.state import Case, SharedWith
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.office.access import Viewer, not_given, require_receiver, require_share
from zhuoli.office.errors import UnknownCase
from zhuoli.office.masking import MASK, mask
from zhuoli.store.codec import decode_state
from zhuoli.store.models import ShareRecord, StateRecord
from zhuoli.web import acting, acts, cases, door, files
from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter, not_found
from zhuoli.web.evidence.items import pieces_of
from zhuoli.web.evidence.parts import give_part
from zhuoli.web.papers.letters import notice_words
from zhuoli.web.papers.prints import filed_text, give_document
from zhuoli.web.papers.sketches import paper_blocks
from zhuoli.web.shared import told
from zhuoli.web.wording import text

MOST = 200
"""So many are listed, the latest first."""


class Given(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was passed on to the viewer's body: the case, by whom, and what became of it."""

    case: Case
    plan: Plan
    kind: str
    party: str
    share: SharedWith

    @property
    def role(self) -> str:
        """The role of the party in the case."""
        return next(role for role, party in self.case.parties.items() if party == self.party)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list."""

    url: str
    title: Text
    subject: Text | None
    place: Text | None
    side: Text
    at: int
    taken: int | None
    answer: Text | None
    number: str


@require_safe
def list_page(request: HttpRequest) -> HttpResponse:
    """Show what parties have passed on, what waits first."""
    viewer = asked(request).viewer
    require_receiver(viewer)
    listed = _listed(viewer, asked(request).lang)
    context = {
        "page": "shared",
        "unit": door.directory().name(viewer.unit),
        "waiting": [each for each in listed if each.taken is None],
        "taken": [each for each in listed if each.taken is not None and each.answer is None],
        "answered": [each for each in listed if each.answer is not None],
        "done": acts.done(request.GET.get("done", "")),
    }
    return render(request, "shared/list.html", context)


@require_safe
def case_page(request: HttpRequest, case: int, kind: str, role: str) -> HttpResponse:
    """Show one matter: until it is taken up only that there is one."""
    return _show(request, *_given(request, case, kind, role))


@require_POST
def act_page(request: HttpRequest, case: int, kind: str, role: str, command: str) -> HttpResponse:
    """Take it up, or answer."""
    given, actor = _given(request, case, kind, role)
    if request.POST.get("_task", "") != share_key(kind, given.party):
        raise bad_parameter("_task")
    failed = acting.perform(request, given.plan, given.case, actor, command)
    if failed is not None:
        again, actor = _given(request, case, kind, role)
        return _show(request, again, actor, failed)
    return redirect(
        reverse("shared.case", args=(asked(request).lang, case, kind, role)) + f"?done={command}#main"
    )


@require_safe
def paper_page(request: HttpRequest, case: int, kind: str, role: str, file: str) -> HttpResponse:
    """Give one of the papers as a PDF, masked; the look is recorded."""
    given, actor = _taken(request, case, kind, role)
    if file not in _papers(given):
        raise not_found(text("error.no_file"))
    read.record_look(door.office(), case, given.party, ("file",), _purpose(given), actor)
    return give_document(request, given.case, file, _masked(given.case, file))


@require_safe
def part_page(
    request: HttpRequest, case: int, kind: str, role: str, file: str, part: str
) -> HttpResponseBase:
    """Give a part of a blurred copy of what the party brought; the look is recorded with the page that shows it."""
    given, _ = _taken(request, case, kind, role)
    attachment = given.case.files.get(file)
    if not _evidence(given) or attachment is None or attachment.by != given.party:
        raise not_found(text("error.no_file"))
    return give_part(request, given.case, file, part)


def _given(request: HttpRequest, case: int, kind: str, role: str) -> tuple[Given, Actor]:
    """Return what was passed on, and the viewer's post as an actor.

    Raises:
        Denied: nothing of this was passed on to the viewer's body; the same answer where there is no such case.
    """
    viewer = asked(request).viewer
    actor = require_receiver(viewer)
    try:
        found = door.load(case)
    except UnknownCase:
        raise not_given() from None
    party = found.parties.get(role, "")
    share = require_share(viewer, found, share_key(kind, party))
    return Given(case=found, plan=door.plan_of(found), kind=kind, party=party, share=share), actor


def _taken(request: HttpRequest, case: int, kind: str, role: str) -> tuple[Given, Actor]:
    given, actor = _given(request, case, kind, role)
    if given.share.taken is None:
        raise not_given()
    return given, actor


def _purpose(given: Given) -> str:
    return given.plan.scenario.shares[given.kind].purpose


def _evidence(given: Given) -> bool:
    return given.plan.scenario.shares[given.kind].evidence


def _show(
    request: HttpRequest, given: Given, actor: Actor, failed: acting.Failed | None = None
) -> HttpResponse:
    lang = asked(request).lang
    where = (lang, given.case.id, given.kind, given.role)
    own = [
        each
        for each in acting.actions_of(given.plan, given.case, actor)
        if each.command in ("take_share", "answer_share")
        and each.task == share_key(given.kind, given.party)
        and not (each.command == "take_share" and given.share.taken is not None)
    ]
    shown = acting.shown_acts(
        own,
        given.plan,
        given.case,
        actor,
        reverse("shared.case", args=where),
        failed.tried if failed else None,
    )
    context: dict[str, Any] = {
        "page": "shared",
        "title": given.plan.scenario.title,
        "subject": cases.subject(given.plan, given.case),
        "case": given.case,
        "place": door.places().full_name(given.case.territory, skip=1),
        "side": told.side(given.plan, given.case, given.party),
        "share": given.share,
        "answer": given.plan.scenario.shares[given.kind].answers.get(given.share.answer),
        "office": door.directory().name(given.case.answered_by or given.case.unit),
        "quick": [act for act in shown if act.quick],
        "acts": [act for act in shown if not act.quick],
        "problem": failed.problem if failed else None,
        "done": acts.done(request.GET.get("done", "")),
    }
    if given.share.taken is not None:
        context |= _opened(given, actor, lang, where)
    return render(request, "shared/case.html", context, status=failed.status if failed else 200)


def _opened(given: Given, actor: Actor, lang: str, where: tuple[Any, ...]) -> dict[str, Any]:
    """Return what may be read once it was taken up; each reading is a look of its own."""
    office, purpose = door.office(), _purpose(given)
    covered = given.plan.scenario.privacy.purposes[purpose].fields
    fields = [name for name in covered or given.case.personal if name in given.case.personal]
    values = read.open_personal(office, given.case.id, given.party, fields, purpose, actor)
    papers = _papers(given)
    if papers:
        read.record_look(office, given.case.id, given.party, ("file",), purpose, actor)
    shown = []
    for file, title in papers.items():
        head, number, body = notice_words(_masked(given.case, file), lang)
        url = reverse("shared.paper", args=(*where, file))
        shown.append(
            {
                "title": head or title,
                "number": number,
                "blocks": paper_blocks(given.case, file, body, lang),
                "url": url,
            }
        )
    pieces = []
    if _evidence(given):
        state = read.open_case(office, given.case.id, SYSTEM).state
        pieces = pieces_of(
            state,
            lambda file, part: reverse("shared.part", args=(*where, file, part)),
            only=given.party,
        )
        if pieces:
            read.record_look(office, given.case.id, given.party, ("file",), purpose, actor)
    return {
        "known": [(_title(given.plan, name), values[name]) for name in fields if name in values],
        "papers": shown,
        "pieces": pieces,
    }


def _title(plan: Plan, name: str) -> Text:
    prefix, _, question = name.partition(".")
    return plan.forms[prefix].questions[question].question.title


def _papers(given: Given) -> dict[str, str]:
    """Return the papers that were issued to the party, and that its body may read, by file."""
    scenario = given.plan.scenario
    titles = {scenario.notices[name].title.zh for name in scenario.shares[given.kind].notices}
    named = read.open_case(door.office(), given.case.id, SYSTEM).state.files
    belongs = read.file_parties(door.office(), given.case.id)
    return {
        file: each.name
        for file, each in named.items()
        if each.media_type.startswith(files.NOTICE)
        and belongs.get(file) == given.party
        and each.name.rpartition(" ")[0] in titles
    }


def _masked(case: Case, file: str) -> str:
    """Return a paper without the other side's data, and with whatever else looks personal in it masked."""
    withheld = text("shared.withheld")
    shown = mask(fill_later(filed_text(case, file), {}, {"zh": withheld.zh, "en": withheld.en}))
    # Two such marks would set everything up to the next mask in bold.
    return shown.replace(MASK, "\\*" * len(MASK))


def _listed(viewer: Viewer, lang: str) -> list[Listed]:
    rows = list(
        ShareRecord.objects.filter(unit=viewer.unit)
        .order_by("-at")
        .values_list("case_id", "name", "at", "taken", "answer", "number")[:MOST]
    )
    states = StateRecord.objects.filter(case_id__in={row[0] for row in rows}).values_list("case_id", "state")
    found = {case: decode_state(state) for case, state in states}
    listed: list[Listed] = []
    for number, name, at, taken, answer, own_number in rows:
        case = found[number]
        plan = door.plan_of(case)
        kind, _, party = name.partition(":")
        role = next((role for role, each in case.parties.items() if each == party), "")
        if kind not in plan.scenario.shares or not role:
            continue
        listed.append(
            Listed(
                url=reverse("shared.case", args=(lang, number, kind, role)),
                title=plan.scenario.title,
                subject=cases.subject(plan, case),
                place=door.places().full_name(case.territory, skip=1),
                side=told.side(plan, case, party),
                at=at,
                taken=taken,
                answer=plan.scenario.shares[kind].answers.get(answer),
                number=own_number,
            )
        )
    return listed
