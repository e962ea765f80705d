"""Stories: a visitor of the demonstration lives through a worked example, persona by persona, on a real case.

Each step is the real command, issued through the door by the persona whose step it is; then the page follows that
this persona would see, inside a frame that says who that is, what has happened and what comes next.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.case.facts import Actor
from zhuoli.demo.storyline import Play
from zhuoli.office import read
from zhuoli.office.errors import UnknownScenario
from zhuoli.office.sealed import result_of
from zhuoli.web import cases, door, lines, viewers
from zhuoli.web.context import asked
from zhuoli.web.errors import not_found
from zhuoli.web.scenarios import examples
from zhuoli.web.stories.frame import bar, become, current, keep, page_of, persona_name, player, sees
from zhuoli.web.wording import text

TOLD_FOR = ("resident", "enterprise", "office")
"""Whom stories are told for, in the order of the page; a scenario stands under the first that it serves."""


@require_safe
def stories_page(request: HttpRequest) -> HttpResponse:
    """Show all stories by whom they are for and by scenario, and the one that is being played."""
    demo_only()
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in TOLD_FOR}
    for name, scenario in door.scenarios().items():
        first = next((each for each in TOLD_FOR if each in scenario.audience), TOLD_FOR[-1])
        groups[first].append({"scenario": scenario, "stories": examples.of(door.plan(name))})
    for told in groups.values():
        told.sort(key=lambda each: len(each["stories"]), reverse=True)
    context = {"page": "stories", "groups": groups, "playing": bar(request)}
    return render(request, "stories/stories.html", context)


@require_safe
def story_page(request: HttpRequest, scenario: str, example: str) -> HttpResponse:
    """Show what a story is about and how far it is, before it begins and at any time after."""
    demo_only()
    plan = door.plan(scenario)
    story = _story(scenario, example)
    play = current(request)
    mine = play if play is not None and (play.scenario, play.example) == (scenario, example) else None
    context: dict[str, Any] = {
        "page": "stories",
        "scenario": plan.scenario,
        "s": story,
        "mine": mine,
        "over": mine is not None and mine.done >= len(story.steps),
        "here": request.get_full_path(),
        "back": page_of(mine, asked(request).lang) if mine is not None and mine.case else "",
        "cast": _cast(story),
    }
    return render(request, "stories/story.html", context)


@require_POST
def start_page(request: HttpRequest, scenario: str, example: str) -> HttpResponse:
    """Begin a story (anew): its case is raised with its first step."""
    demo_only()
    _story(scenario, example)
    play = player().begin(scenario, example)
    return _go(request, player().step(play))


@require_POST
def next_page(request: HttpRequest) -> HttpResponse:
    """Do the next step, unless it has been done from another window meanwhile."""
    play = _playing(request)
    if request.POST.get("done") == str(play.done):
        play = player().step(play)
    return _go(request, play)


@require_POST
def rest_page(request: HttpRequest) -> HttpResponse:
    """Do all steps that are left, as far as they can be done."""
    play = _playing(request)
    while player().next_step(play) is not None:
        play = player().step(play)
        if play.trouble[0]:
            break
    return _go(request, play)


@require_POST
def skip_page(request: HttpRequest) -> HttpResponse:
    """Leave a step out that the visitor has done by hand."""
    play = _playing(request)
    if request.POST.get("done") == str(play.done):
        play = player().skip(play)
    return _go(request, play)


@require_POST
def leave_page(request: HttpRequest) -> HttpResponse:
    """End the story and be nobody again; its case stays in the ledger."""
    demo_only()
    keep(request, None)
    viewers.choose_post(request, None)
    return redirect("stories", asked(request).lang)


@require_POST
def now_page(request: HttpRequest) -> HttpResponse:
    """Come back to the page where the story stands, as the persona who was there."""
    return _go(request, _playing(request))


@require_safe
def step_page(request: HttpRequest, step: int) -> HttpResponse:
    """Look back at a step: what was done, what followed, and how the line looked then."""
    play = _playing(request)
    number = step
    if not 1 <= number <= play.done or not play.case:
        raise not_found()
    plan = player().plan(play)
    lang = asked(request).lang
    told = plan.scenario.examples[play.example].steps[number - 1]
    until = play.marks[number - 1]
    since = play.marks[number - 2] if number > 1 else 0
    opened = read.open_case(player().office, play.case, _person(play))
    entries = [entry for entry in opened.history if since < entry.seq <= until]
    state, _ = result_of(play.case, max(until, 1))
    refused = {at: said for at, *said in play.refusals}
    context: dict[str, Any] = {
        "page": "stories",
        "number": number,
        "steps": len(plan.scenario.examples[play.example].steps),
        "done": play.done,
        "title": plan.scenario.examples[play.example].title,
        "who": persona_name(play.personas[number - 1])
        if play.personas[number - 1]
        else examples.who_of(plan, told),
        "what": examples.what_of(plan, told),
        "say": told.say,
        "refused": refused.get(number - 1, ("", ""))[0 if lang == "zh" else 1],
        "story": cases.story(plan, entries, door.directory(), "office"),
        "line": lines.of_case(plan, state, door.directory(), lang),
    }
    return render(request, "stories/step.html", context)


def demo_only() -> None:
    """Answer 404 in service: stories write cases of their own.

    Raises:
        BadRequestPage: 404, this is no demonstration.
    """
    if not viewers.demo():
        raise not_found()


def _playing(request: HttpRequest) -> Play:
    demo_only()
    play = current(request)
    if play is None:
        raise not_found(text("stories.none_playing"))
    return play


def _go(request: HttpRequest, play: Play) -> HttpResponse:
    """Keep the story, become its persona and show the page that the persona sees."""
    become(request, play, play.persona if play.case and sees(play, play.persona) else "")
    return redirect(page_of(play, asked(request).lang))


def _person(play: Play) -> Actor:
    return Actor(kind="party", party=read.load_state(play.case).parties.get("requester", ""))


def _story(scenario: str, example: str) -> examples.Story:
    try:
        plan = door.plan(scenario)
    except UnknownScenario:
        raise not_found(text("error.no_matter")) from None
    found = next((each for each in examples.of(plan) if each.name == example), None)
    if found is None:
        raise not_found(text("stories.no_such"))
    return found


def _cast(story: examples.Story) -> list[Any]:
    """Return who appears, each once, in the order of appearance."""
    nobody = text("story.time").en
    return list({step.who.en: step.who for step in story.steps if step.who.en != nobody}.values())
