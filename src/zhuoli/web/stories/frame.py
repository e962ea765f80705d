"""The frame around a story: which story this session plays, its clock, and the bar above its pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from zhuoli.core.case.plan import Plan
from zhuoli.core.scenario.model import Step
from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of
from zhuoli.demo.storyline import Play, Player
from zhuoli.office.access import Denied, Viewer, require_sight
from zhuoli.office.handle import Office
from zhuoli.office.once import Once
from zhuoli.office.stories import StoryNumbers
from zhuoli.store.models import Post
from zhuoli.web import door, viewers, when
from zhuoli.web.scenarios.examples import what_of, who_of
from zhuoli.web.wording import text

KEY = "play"


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """What the bar says. ``inside`` tells that this page belongs to the story's case."""

    title: Text
    url: str
    done: int
    steps: int
    at: int
    inside: bool
    who: Text | None
    said: Text | None
    refused: Text | None
    trouble: Text | None
    next_who: Text | None
    next_what: Text | None
    next_waits: bool
    back: str
    here: str


class StoryMiddleware:
    """Holds the clock at the story's instant while a page about its case is made (in the demonstration only)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set ``request.play`` and answer, on the story's clock where it is about the story."""
        play = current(request)
        request.play = play  # type: ignore[attr-defined]
        if play is None or not is_inside(request, play):
            return self.get_response(request)
        with when.held(play.at):
            return self.get_response(request)


def current(request: HttpRequest) -> Play | None:
    """Return the story that this session plays."""
    if settings.ENVIRONMENT.mode != "demo":
        return None
    kept = request.session.get(KEY)
    if kept is None:
        return None
    try:
        return msgspec.convert(kept, Play)
    except msgspec.ValidationError:
        return None


def keep(request: HttpRequest, play: Play | None) -> None:
    """Let this session play a story from here, or none any more."""
    if play is None:
        request.session.pop(KEY, None)
    else:
        request.session[KEY] = msgspec.to_builtins(play)


def become(request: HttpRequest, play: Play | None, post: str) -> None:
    """Keep a story, be a post of it from now on (or, empty, the person whose matter it is), and see its case."""
    if request.session.get(viewers.POST) != (post or None):
        viewers.choose_post(request, post or None)
    if play is not None and play.receipt:
        viewers.remember_receipt(request, play.receipt, play.case)
    keep(request, play)


def is_inside(request: HttpRequest, play: Play) -> bool:
    """Whether a request is about the story's case."""
    parts = request.path_info.split("/")
    looking_back = parts[2:4] == ["stories", "steps"]
    return bool(play.case) and (looking_back or str(play.case) in parts or play.receipt in parts)


@Once
def player() -> Player:
    """Return the process's player: an office of its own on the same ledger, with the numbers of stories."""
    office = Office(door.office().library, door.directory(), door.calendar(), clock=lambda: when.now())
    office.numbers = StoryNumbers()  # type: ignore[assignment]
    return Player(office, door.directory(), door.calendar(), when.held)


def page_of(play: Play, lang: str) -> str:
    """Return the address of the page that whoever did the last step would see now."""
    if not play.case:
        return reverse("story", args=(lang, play.scenario, play.example))
    return page_for(play, play.persona, lang)


def page_for(play: Play, persona: str, lang: str) -> str:
    """Return the address at which a post (or, empty, the person) sees the story's case."""
    if sees(play, persona):
        return reverse("desk.case", args=(lang, play.case))
    return reverse("progress", args=(lang, play.receipt))


def sees(play: Play, persona: str) -> bool:
    """Whether a post may (still) see the story's case."""
    post = Post.objects.filter(pk=persona).first() if persona else None
    if post is None:
        return False
    viewer = Viewer(kind="post", post=post.id, unit=post.unit_id, roles=tuple(post.roles))
    try:
        require_sight(viewer, door.load(play.case), door.directory())
    except Denied:
        return False
    return True


def bar(request: HttpRequest) -> Bar | None:
    """Return what the bar above this page says; None when no story is played."""
    play: Play | None = getattr(request, "play", None)
    lang = getattr(request, "lang", "zh")
    if play is None:
        return None
    try:
        plan = player().plan(play)
        example = plan.scenario.examples[play.example]
    except Exception:  # noqa: BLE001 - the shelf has changed under the story: it is over
        return None
    url = reverse("story", args=(lang, play.scenario, play.example))
    last = example.steps[play.done - 1] if play.done else None
    following = player().next_step(play)
    refused: dict[int, Any] = {number: Text(zh, en) for number, zh, en in play.refusals}
    who = _last_name(play, plan, last)
    next_who = _next_name(play, plan, following)
    return Bar(
        title=example.title,
        url=url,
        done=play.done,
        steps=len(example.steps),
        at=play.at,
        inside=is_inside(request, play),
        who=who,
        said=last.say if last is not None and last.say else _what(plan, last),
        refused=refused.get(play.done - 1),
        trouble=Text(*play.trouble) if play.trouble[0] else None,
        next_who=None if next_who == who else next_who,
        next_what=_what(plan, following),
        next_waits=following is not None and following.do == "wait",
        back=reverse("stories.step", args=(lang, play.done)) if play.done else url,
        here=page_of(play, lang),
    )


def persona_name(post: str) -> Text:
    """Return a post's title, which names its unit, too; a post that is gone is a resident."""
    found = Post.objects.filter(pk=post).first()
    if found is None:
        return text("persona.resident")
    return Text(found.title_zh, found.title_en)


def persona_now(request: HttpRequest) -> Text | None:
    """Return whom the visitor is on a page of the story where no post says it: the party who did the last step."""
    play: Play | None = getattr(request, "play", None)
    viewer: Viewer | None = getattr(request, "viewer", None)
    if (
        play is None
        or play.persona
        or not is_inside(request, play)
        or (viewer is not None and viewer.is_post)
    ):
        return None
    try:
        plan = player().plan(play)
        steps = plan.scenario.examples[play.example].steps[: play.done]
    except Exception:  # noqa: BLE001 - the shelf has changed under the story
        return None
    return next((who_of(plan, step) for step in reversed(steps) if step.do != "wait"), None)


def _last_name(play: Play, plan: Plan, step: Step | None) -> Text | None:
    """Return who did a step; nobody where only time passed."""
    if step is None or step.do == "wait":
        return None
    return persona_name(play.persona) if play.persona else who_of(plan, step)


def _next_name(play: Play, plan: Plan, step: Step | None) -> Text | None:
    """Return who comes next; nobody where only time passes."""
    if step is None or step.do == "wait":
        return None
    post = player().next_persona(play)
    return persona_name(post) if post else who_of(plan, step)


def _what(plan: Plan, step: Step | None) -> Text | None:
    """Return what is done in a step; where only time passes, until when."""
    if step is None:
        return None
    if step.do != "wait":
        return what_of(plan, step)
    if not step.at:
        return text("stories.later")
    at = instant_of(datetime.fromisoformat(step.at))
    return text("stories.until", moment=Text(when.moment(at, "zh"), when.moment(at, "en")))
