"""The strip above the pages of a tour: how far it is, how long it will be, what this page is, and where to go on."""

from __future__ import annotations

import math

import msgspec
from django.http import HttpRequest

from zhuoli.core.text import Text
from zhuoli.demo.tourbook import Chapter
from zhuoli.web.tour import walk as walks
from zhuoli.web.tour.walk import Walk

ONWARD = ("begin", "next", "figure", "chapter", "more", "end")
"""What the way on is called: where it leads."""
STATES = ("done", "now", "ahead")


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """One chapter in the strip: walked, being walked (so many tenths of it), or ahead."""

    id: str
    number: int
    title: Text
    persona: Text
    minutes: int
    state: str
    tenths: int
    more: bool


class Strip(msgspec.Struct, frozen=True, kw_only=True):
    """What the strip says; ``caption`` is empty at openings and figures, whose pages speak for themselves.

    ``inside`` tells that this is the page at which the tour stands, ``onward`` what the way on is called.
    """

    parts: tuple[Part, ...]
    number: int
    title: Text
    page: int
    pages: int
    minutes: int
    mark: str
    onward: str
    can_skip: bool
    inside: bool
    here: str
    who: Text | None
    caption: Text | None
    marks: tuple[tuple[str, Text], ...]
    refused: tuple[Text, ...]
    trouble: tuple[Text, ...]
    seen: int


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where a tour that was begun stands, for the invitation to go on."""

    number: int
    title: Text
    minutes: int


def standing(request: HttpRequest) -> Standing | None:
    """Return where this session's tour stands; None when none was begun, or it was walked to its end."""
    walk = walks.current(request)
    chapter = walks.chapter_of(walk.chapter) if walk is not None else None
    if walk is None or walk.over or chapter is None:
        return None
    return Standing(
        number=walks.chapters().index(chapter) + 1,
        title=chapter.title,
        minutes=minutes_left(walk, getattr(request, "lang", "zh")),
    )


def strip(request: HttpRequest) -> Strip | None:
    """Return what the strip above this page says; None when no tour is on."""
    walk = walks.walking(request)
    chapter = walks.chapter_of(walk.chapter) if walk is not None else None
    if walk is None or chapter is None:
        return None
    lang = getattr(request, "lang", "zh")
    stop = walks.stop_of(walk)
    here = walks.address_of(walk, lang)
    found = parts(walk, lang)
    return Strip(
        parts=found,
        number=number_of(found, chapter),
        title=chapter.title,
        page=walk.page + 1,
        pages=chapter.pages,
        minutes=minutes_left(walk, lang),
        mark=walk.mark,
        onward=_onward(walk, chapter, found),
        can_skip=walk.page + 1 < len(chapter.stops),
        inside=request.path == here.partition("?")[0],
        here=here,
        who=walks.persona_of(walk) if stop is not None else None,
        caption=stop.say if stop is not None else None,
        marks=tuple(stop.marks()) if stop is not None else (),
        refused=tuple(Text(zh, en) for kind, zh, en in walk.told if kind == "refused"),
        trouble=tuple(Text(zh, en) for kind, zh, en in walk.told if kind == "trouble"),
        seen=walk.play.done if walk.play is not None and walk.play.case else 0,
    )


def parts(walk: Walk | None, lang: str) -> tuple[Part, ...]:
    """Return all chapters with how far each is."""
    return tuple(_part(number, each, walk, lang) for number, each in enumerate(walks.chapters(), start=1))


def minutes_left(walk: Walk | None, lang: str) -> int:
    """Return how many minutes are left, by the words that are still to be read and the pages to be looked at.

    Chapters that come after the ten minutes count once the walk has reached them.
    """
    seconds, reached = 0, walk is None
    at = walks.chapter_of(walk.chapter) if walk is not None else None
    beyond = at is not None and at.more
    for each in walks.chapters():
        if each.more and not beyond:
            continue
        if walk is not None and each.id == walk.chapter:
            reached = True
            seconds += each.seconds(lang, walk.page) if not walk.over else 0
        elif reached:
            seconds += each.seconds(lang)
    return math.ceil(seconds / 60)


def _part(number: int, chapter: Chapter, walk: Walk | None, lang: str) -> Part:
    state, tenths = "ahead", 0
    if walk is not None and chapter.id == walk.chapter and not walk.over:
        state, tenths = "now", max(1, 10 * (walk.page + 1) // chapter.pages)
    elif walk is not None and chapter.id in walk.done:
        state, tenths = "done", 10
    return Part(
        id=chapter.id,
        number=number,
        title=chapter.title,
        persona=chapter.persona,
        minutes=math.ceil(chapter.seconds(lang) / 60),
        state=state,
        tenths=tenths,
        more=chapter.more,
    )


def _onward(walk: Walk, chapter: Chapter, found: tuple[Part, ...]) -> str:
    if walk.page == 0:
        return "begin"
    if walk.page < len(chapter.stops):
        return "next"
    if walk.page == len(chapter.stops):
        return "figure"
    following = next((each for each in found if each.number > number_of(found, chapter)), None)
    if following is None:
        return "end"
    return "more" if following.more and not chapter.more else "chapter"


def number_of(found: tuple[Part, ...], chapter: Chapter) -> int:
    """Return which one of the parts a chapter is, from 1."""
    return next(each.number for each in found if each.id == chapter.id)
