"""Saved views: a narrowed queue under a name, the post's own or shared with its unit.

A view is an address, no more: whoever follows it sees what they may see anyway. Words that were searched for are not
kept, so that no view can become a list of persons.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from zhuoli.office import inbox
from zhuoli.office.access import Viewer, require_handler
from zhuoli.office.narrow import Filter
from zhuoli.store.models import SavedViewRecord
from zhuoli.web import when
from zhuoli.web.context import asked
from zhuoli.web.desk import lists
from zhuoli.web.errors import BadRequestPage, bad_parameter, not_found
from zhuoli.web.wording import text

MOST = 12
"""So many views one post sees; more would be a second inbox."""
MOST_NAME = 30


class View(msgspec.Struct, frozen=True, kw_only=True):
    """A saved view; ``own`` tells that this post has made it."""

    id: int
    name: str
    state: lists.State
    shared: bool
    own: bool

    @property
    def counted(self) -> tuple[inbox.Queue, Filter]:
        """What is to be counted."""
        return self.state.queue, self.state.narrowed


def views(viewer: Viewer) -> list[View]:
    """Return the views of a post, its own before those of its unit; one statement.

    A view whose queue or scenario is no longer there is left out.
    """
    found = SavedViewRecord.objects.filter(unit=viewer.unit).filter(Q(post=viewer.post) | Q(shared=True))
    read = [(each, _state(each.query, viewer)) for each in found.order_by("made", "id")[: 4 * MOST]]
    told = [
        View(id=each.id, name=each.name, state=state, shared=each.shared, own=each.post == viewer.post)
        for each, state in read
        if state is not None
    ]
    return sorted(told, key=lambda view: not view.own)[:MOST]


@require_POST
def save_page(request: HttpRequest) -> HttpResponse:
    """Keep a view; a view of the same name is replaced."""
    viewer = asked(request).viewer
    require_handler(viewer)
    state = _state(request.POST.get("query", "")[:600], viewer)
    if state is None:
        raise bad_parameter("query")
    name = " ".join(request.POST.get("name", "").split())[:MOST_NAME]
    if not name:
        raise BadRequestPage(text("view.no_name"), text("view.no_name.remedy"), status=422)
    mine = SavedViewRecord.objects.filter(post=viewer.post)
    if mine.exclude(name=name).count() >= MOST:
        raise BadRequestPage(text("view.too_many", n=MOST), text("view.too_many.remedy"), status=422)
    values = {
        "unit": viewer.unit,
        "query": state.choices,
        "shared": request.POST.get("shared") == "1",
        "made": when.now(),
    }
    try:
        with transaction.atomic():
            SavedViewRecord.objects.update_or_create(post=viewer.post, name=name, defaults=values)
    except IntegrityError:  # pressed twice at once: it is there
        pass
    return redirect(reverse("desk", args=(asked(request).lang,)) + "?" + state.choices)


@require_POST
def remove_page(request: HttpRequest, view: int) -> HttpResponse:
    """Remove a view of one's own."""
    viewer = asked(request).viewer
    require_handler(viewer)
    gone, _ = SavedViewRecord.objects.filter(pk=view, post=viewer.post).delete()
    if not gone:
        raise not_found(text("view.gone"))
    return redirect("desk", asked(request).lang)


def _state(query: str, viewer: Viewer) -> lists.State | None:
    try:
        state = lists.read(dict(parse_qsl(query)), viewer)
    except BadRequestPage:
        return None
    return msgspec.structs.replace(
        state, case=None, after="", narrowed=msgspec.structs.replace(state.narrowed, words="")
    )
