"""The tour's own pages: what it is, a chapter's opening, the figure it ends in; and the moves, all by one form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from zhuoli.demo.tourbook import KINDS, LOOK, PER_MINUTE, Chapter
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.stories.pages import demo_only
from zhuoli.web.tour import figure
from zhuoli.web.tour import walk as walks
from zhuoli.web.tour.strip import minutes_left, parts
from zhuoli.web.tour.walk import Walk
from zhuoli.web.wording import text


@require_safe
def tour_page(request: HttpRequest) -> HttpResponse:
    """Say what the tour is, who is met on it and what the marks mean; at its end, where to go from here."""
    demo_only()
    lang = asked(request).lang
    walk = walks.current(request)
    context: dict[str, Any] = {
        "page": "tour",
        "parts": parts(walk, lang),
        "walk": walk,
        "minutes": minutes_left(None, lang),
        "left": minutes_left(walk, lang),
        "kinds": KINDS,
        "look": LOOK,
        "speed": PER_MINUTE[lang],
        "ways": walk is not None and walk.over,
        "more": any(each.more for each in walks.chapters()),
    }
    return render(request, "tour/tour.html", context)


@require_safe
def chapter_page(request: HttpRequest, chapter: str) -> HttpResponse:
    """Open a chapter: who one is now, what is at stake, and how its figures stand before."""
    found = _chapter(chapter)
    context = {
        "page": "tour",
        "chapter": found,
        "number": [each.id for each in walks.chapters()].index(found.id) + 1,
        "scenario": door.scenarios()[found.scenario],
        "lines": figure.lines(found, 0),
        "mine": _is_at(request, found, 0),
    }
    return render(request, "tour/chapter.html", context)


@require_safe
def figure_page(request: HttpRequest, chapter: str) -> HttpResponse:
    """End a chapter in its figures, without and with the visitor's own case."""
    found = _chapter(chapter)
    lang = asked(request).lang
    walk = walks.current(request)
    play = walk.play if walk is not None and walk.chapter == found.id else None
    at = walks.page_address(found.figure.page, found.id, lang)
    context = {
        "page": "tour",
        "chapter": found,
        "scenario": door.scenarios()[found.scenario],
        "lines": figure.lines(found, play.case if play is not None else 0),
        "case": play.case if play is not None else 0,
        "public_url": f"{at}?scenario={found.scenario}" if found.figure.page == "figures" else at,
        "mine": _is_at(request, found, found.pages - 1),
    }
    return render(request, "tour/figure.html", context)


@require_POST
def move_page(request: HttpRequest) -> HttpResponse:
    """Begin, go on, skip, go to a chapter, leave, take up again: what ``to`` says, then show where the tour stands.

    A form that was made for another page of the tour (sent twice, or from another window) moves nothing.
    """
    demo_only()
    walk = walks.current(request)
    to, _, name = request.POST.get("to", "").partition(":")
    if to == "begin":
        first = walks.chapters()[:1]
        if not first:
            raise not_found()
        walk = walks.begin(first[0].id)
    elif to == "go":
        walk = walks.begin(_chapter(name).id, walk.done if walk is not None else ())
    elif walk is None:
        return redirect("tour", asked(request).lang)
    elif to in _MOVES and request.POST.get("at") == walk.mark:
        walk = _MOVES[to](walk)
    elif to == "leave":
        walks.keep(request, msgspec.structs.replace(walk, rest=True))
        return redirect("home", asked(request).lang)
    elif to == "resume":
        walk = msgspec.structs.replace(walk, rest=False)
    walks.keep(request, walk)
    return redirect(walks.address_of(walk, asked(request).lang))


def _skip(walk: Walk) -> Walk:
    """Leave a page out; what happens at it happens all the same."""
    return walks.onward(walks.onward(walk))


_MOVES: dict[str, Callable[[Walk], Walk]] = {
    "next": walks.onward,
    "skip": _skip,
    "chapter": lambda walk: walks.past(walk, walk.done),
}


def _chapter(name: str) -> Chapter:
    demo_only()
    found = walks.chapter_of(name)
    if found is None:
        raise not_found(text("tour.no_chapter"))
    return found


def _is_at(request: HttpRequest, chapter: Chapter, page: int) -> bool:
    walk = walks.walking(request)
    return walk is not None and (walk.chapter, walk.page) == (chapter.id, page)
