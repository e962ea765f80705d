"""How far a visitor's tour is, and the moves that it knows. What is kept is kept in the session.

A chapter's pages are numbered: 0 is its opening, then its stops, and the last one is its figure. Going on to a stop issues
the stop's commands through the door, as stories do; a command that cannot be done (the visitor has done it by hand) is left
out and told.
"""

from __future__ import annotations

from functools import cache

import msgspec
from django.http import HttpRequest
from django.urls import reverse

from zhuoli.core.text import Text
from zhuoli.demo.storyline import Play
from zhuoli.demo.tourbook import FOLDER, Chapter, Stop, read_tour
from zhuoli.web import door, viewers
from zhuoli.web.stories import frame

KEY = "tour"
_SEES = {"board": "dispatcher", "progress": "dispatcher", "model": "lead"}
"""Who of a chapter's case sees the page on which its figure stands; of others, everybody."""


class Walk(msgspec.Struct, frozen=True, kw_only=True):
    """Where a visitor is: chapter, page in it, the story that it plays, chapters walked to their end.

    ``rest`` holds while the tour is left; ``told`` are the refusals (``refused``) that belong to this stop's commands and what
    could not be done (``trouble``), each in both languages; ``over`` after the last chapter.
    """

    chapter: str
    page: int = 0
    play: Play | None = None
    done: tuple[str, ...] = ()
    rest: bool = False
    over: bool = False
    told: tuple[tuple[str, str, str], ...] = ()

    @property
    def mark(self) -> str:
        """What a form says to show that it was made for this page of the tour."""
        return f"{self.chapter}:{self.page}"


def chapters() -> tuple[Chapter, ...]:
    """Return the chapters that fit the shelf as it is now."""
    return _chapters(tuple((name, each.version) for name, each in door.scenarios().items()))


@cache
def _chapters(_shelf: tuple[tuple[str, str], ...]) -> tuple[Chapter, ...]:
    return read_tour(FOLDER, door.scenarios())[0]


def chapter_of(name: str) -> Chapter | None:
    """Return a chapter by its id."""
    return next((each for each in chapters() if each.id == name), None)


def current(request: HttpRequest) -> Walk | None:
    """Return this session's tour, also while it rests; None when there is none, or its chapter is gone."""
    if not viewers.demo() or not hasattr(request, "session"):
        return None
    kept = request.session.get(KEY)
    if kept is None:
        return None
    try:
        walk = msgspec.convert(kept, Walk)
    except msgspec.ValidationError:
        return None
    chapter = chapter_of(walk.chapter)
    return walk if chapter is not None and 0 <= walk.page < chapter.pages else None


def walking(request: HttpRequest) -> Walk | None:
    """Return the tour where it is on: not left, not over, and no other story is being played."""
    walk = current(request)
    if walk is None or walk.rest or walk.over:
        return None
    play = frame.current(request)
    if play is not None and (walk.play is None or play.id != walk.play.id):
        return None
    return walk


def stop_of(walk: Walk) -> Stop | None:
    """Return the stop at which a tour stands; None at an opening and at a figure."""
    chapter = chapter_of(walk.chapter)
    if chapter is None or not 0 < walk.page <= len(chapter.stops):
        return None
    return chapter.stops[walk.page - 1]


def begin(chapter: str, done: tuple[str, ...] = ()) -> Walk:
    """Return a tour at the opening of a chapter."""
    return Walk(chapter=chapter, done=done)


def onward(walk: Walk) -> Walk:
    """Go on by one page: to the next stop (whose commands are issued), to the figure, to the next chapter, to the end."""
    chapter = chapter_of(walk.chapter)
    if chapter is None or walk.over:
        return walk
    if walk.page < len(chapter.stops):
        return _issue(walk, chapter, chapter.stops[walk.page])
    if walk.page == len(chapter.stops):
        return msgspec.structs.replace(walk, page=walk.page + 1, told=())
    return past(walk, (*(each for each in walk.done if each != walk.chapter), walk.chapter))


def past(walk: Walk, done: tuple[str, ...]) -> Walk:
    """Go to the opening of the next chapter, or to the end."""
    names = [each.id for each in chapters()]
    following = names[names.index(walk.chapter) + 1 :]
    if not following:
        return msgspec.structs.replace(walk, done=done, over=True, told=())
    return begin(following[0], done)


def _issue(walk: Walk, chapter: Chapter, stop: Stop) -> Walk:
    player = frame.player()
    play = walk.play
    told: list[tuple[str, str, str]] = []
    for _ in stop.do:
        if play is None:
            play = player.begin(chapter.scenario, chapter.example)
        refusals = len(play.refusals)
        play = player.step(play)
        told += [("refused", zh, en) for _, zh, en in play.refusals[refusals:]]
        if play.trouble[0]:
            told.append(("trouble", *play.trouble))
            play = player.skip(play)
    return msgspec.structs.replace(walk, page=walk.page + 1, play=play, told=tuple(told))


def post_at(walk: Walk) -> str:
    """Return the post whose page is shown; empty for the public and for parties."""
    chapter, stop = chapter_of(walk.chapter), stop_of(walk)
    if walk.play is None or not walk.play.case or chapter is None:
        return ""
    if stop is not None:
        return frame.player().post_of(walk.play, stop.who) if stop.who else ""
    sees = _SEES.get(chapter.figure.page, "") if walk.page > len(chapter.stops) else ""
    return frame.player().post_of(walk.play, sees) if sees else ""


def address_of(walk: Walk, lang: str) -> str:
    """Return the address of the page at which a tour stands."""
    if walk.over:
        return reverse("tour", args=(lang,))
    stop = stop_of(walk)
    if stop is None:
        name = "tour.figure" if walk.page else "tour.chapter"
        return reverse(name, args=(lang, walk.chapter))
    if stop.page == "case":
        if walk.play is None or not walk.play.case:
            return reverse("tour.chapter", args=(lang, walk.chapter))
        return frame.page_for(walk.play, post_at(walk), lang)
    return page_address(stop.page, walk.chapter, lang)


def page_address(page: str, chapter: str, lang: str) -> str:
    """Return the address of a page that belongs to no single case: of all, or of a chapter's model or campaign."""
    found = chapter_of(chapter)
    scenario = found.scenario if found is not None else ""
    if page == "model":
        return reverse("shelf.model", args=(lang, scenario))
    if page == "progress":
        return reverse("board.progress", args=(lang,)) + f"?scenario={scenario}"
    return reverse({"inbox": "desk"}.get(page, page), args=(lang,))


def persona_of(walk: Walk) -> Text | None:
    """Return who the visitor is at this stop: the post's title, or the party's."""
    chapter, stop = chapter_of(walk.chapter), stop_of(walk)
    if chapter is None or stop is None or not stop.who:
        return chapter.persona if chapter is not None else None
    post = post_at(walk)
    if post:
        return frame.persona_name(post)
    party = door.scenarios()[chapter.scenario].parties.get(stop.who)
    return party.title if party is not None else chapter.persona


def keep(request: HttpRequest, walk: Walk) -> None:
    """Keep the tour, and be who is to see its page."""
    frame.become(request, None if walk.rest or walk.over else walk.play, "" if walk.rest else post_at(walk))
    request.session[KEY] = msgspec.to_builtins(walk)
