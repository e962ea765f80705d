"""Finding the right matter: the list, and what each is about before it is raised."""

from __future__ import annotations

from functools import cache

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from zhuoli.core.scenario.model import Due, Form, Question, Scenario
from zhuoli.core.text import Text
from zhuoli.core.worktime import parse_duration
from zhuoli.core.worktime.words import set_off
from zhuoli.office.search import grams, resemblance
from zhuoli.web import door, lines
from zhuoli.web.context import asked
from zhuoli.web.errors import bad_parameter, not_found
from zhuoli.web.portal import drafts
from zhuoli.web.wording import text

DOORS = ("document", "everyday", "accident", "business")
"""The everyday doors of the home page: the themes that scenarios name."""

MOST_PROPOSALS = 3
FAR = 1 / 3
"""What fits less than so much of the best is left out."""
SAYS_NOTHING = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "for",
        "has",
        "have",
        "i",
        "in",
        "is",
        "it",
        "my",
        "of",
        "on",
        "our",
        "the",
        "there",
        "to",
        "was",
        "we",
        "with",
    ]
)
"""English words by which no matter is told from another."""


class Matter(msgspec.Struct, frozen=True, kw_only=True):
    """A scenario as a person chooses it."""

    id: str
    title: Text
    purpose: Text
    door: str
    promised: Text | None
    statutory: Text | None
    enterprise: bool
    title_grams: frozenset[str]
    word_grams: frozenset[str]
    all_grams: frozenset[str]


class Group(msgspec.Struct, frozen=True):
    """The matters behind one door."""

    door: str
    matters: list[Matter]


def matter_of(scenario: Scenario) -> Matter:
    """Return a scenario as a matter."""
    words = " ".join(word for language in scenario.words.values() for word in language)
    both = f"{scenario.title.zh} {scenario.title.en}"
    rest = f"{both} {scenario.purpose.zh} {scenario.purpose.en} {words}"
    return Matter(
        id=scenario.scenario,
        title=scenario.title,
        purpose=scenario.purpose,
        door=scenario.theme if scenario.theme in DOORS else "other",
        promised=_length(scenario.due, "promised"),
        statutory=_length(scenario.due, "statutory"),
        enterprise="enterprise" in scenario.audience,
        title_grams=frozenset(grams(both)),
        word_grams=frozenset(grams(words)),
        all_grams=frozenset(grams(rest)),
    )


def matters(channel: str = "web") -> list[Matter]:
    """Return what can be raised through a channel, in the order of the shelf."""
    return [matter for matter, channels in _all() if channel in channels]


@cache
def _all() -> tuple[tuple[Matter, tuple[str, ...]], ...]:
    return tuple((matter_of(each), each.channels) for each in door.scenarios().values())


def proposals(said: str, channel: str = "web") -> list[Matter]:
    """Return at most three matters that fit what somebody said, the best first."""
    wanted = set(grams(said)) - SAYS_NOTHING
    scored = [
        (resemblance(wanted, each.title_grams, each.word_grams, each.all_grams), each)
        for each in matters(channel)
    ]
    best = sorted((pair for pair in scored if pair[0] >= 1), key=lambda pair: -pair[0])
    return [each for score, each in best[:MOST_PROPOSALS] if score >= FAR * best[0][0]]


def grouped(found: list[Matter]) -> list[Group]:
    """Return matters by door, in the order of the doors."""
    groups = [Group(name, [each for each in found if each.door == name]) for name in (*DOORS, "other")]
    return [group for group in groups if group.matters]


@require_safe
def matters_page(request: HttpRequest) -> HttpResponse:
    """Show all matters, those behind one door, or those that fit a few words."""
    page = asked(request)
    page.public = True
    chosen, q = request.GET.get("door", ""), request.GET.get("q", "").strip()[:200]
    if chosen and chosen not in DOORS:
        raise bad_parameter("door")
    found = matters()
    if q:
        found = search(q, found)
    if chosen:
        found = [each for each in found if each.door == chosen]
        if len(found) == 1 and not q:
            return redirect("matter", page.lang, found[0].id)
    context = {
        "page": "matters",
        "groups": grouped(found),
        "door": chosen,
        "doors": DOORS,
        "q": q,
        "start_page": "matter",
        "count": len(found),
    }
    return render(request, "portal/matters.html", context)


def search(q: str, found: list[Matter]) -> list[Matter]:
    """Return the matters that share words with a query, the best first."""
    wanted = grams(q)
    scored = [
        (resemblance(wanted, each.title_grams, each.word_grams, each.all_grams), each) for each in found
    ]
    return [each for score, each in sorted(scored, key=lambda pair: -pair[0]) if score > 0]


@require_safe
def matter_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Explain one matter before it is raised: time, questions, ground."""
    plan = door.plan(scenario)
    found = plan.scenario
    begun = drafts.shown(request, scenario)
    asked(request).public = not begun
    if "web" not in found.channels:
        raise not_found(text("error.no_matter"))
    form = plan.forms["form"].form
    context = {
        "page": "matters",
        "matter": matter_of(found),
        "line": lines.of_matter(found, asked(request).lang),
        "times": times(found),
        "asked": _asked(form),
        "papers": [each for each in form.questions.values() if each.type in ("photos", "files")],
        "notes": [each for each in form.questions.values() if each.type == "note"],
        "reasons": [each.title for each in found.acceptance.refusal_reasons.values()],
        "whose": [rule.why for rule in found.routing if rule.why is not None],
        "results": [each.title for each in found.closing.results.values()],
        "audience": found.audience,
        "grounds": found.legal_ground,
        "begun": begun,
        "here": request.path,
    }
    return render(request, "portal/matter.html", context)


def _asked(form: Form) -> list[tuple[Text | None, list[Question]]]:
    """Return what will be asked, by the groups of the form."""
    groups: list[tuple[Text | None, list[Question]]] = []
    for each in form.questions.values():
        if each.type in ("note", "calculate"):
            continue
        if each.group is not None or not groups:
            groups.append((each.group, []))
        groups[-1][1].append(each)
    return groups


def times(scenario: Scenario) -> list[tuple[Text, Text, list[Text]]]:
    """Return the time limits of a matter in words: what for, how long, and what stands behind it."""
    rows: list[tuple[Text, Text, list[Text]]] = []
    for label, due in ((text("time.accept"), scenario.acceptance.due), (text("time.case"), scenario.due)):
        promised, statutory = _length(due, "promised"), _length(due, "statutory")
        if due is None or (promised is None and statutory is None):
            continue
        behind = []
        if statutory is not None and promised is not None:
            behind.append(text("time.by_law", time=statutory))
        if due.ground is not None:
            law, articles = due.ground.law, due.ground.articles
            behind.append(Text(f"《{law}》{articles}", f"{law} {articles}"))
        rows.append((label, text("time.within", time=promised or statutory), behind))
    rows.append((text("time.confirm"), set_off(parse_duration(scenario.confirmation.within).text()), []))
    return rows


def promises(scenario: Scenario) -> tuple[Text | None, Text | None]:
    """Return the promised times until one hears whether a matter is taken up, and until the answer."""
    return _length(scenario.acceptance.due, "promised"), _length(scenario.due, "promised")


def _length(due: Due | None, kind: str) -> Text | None:
    written = getattr(due, kind) if due is not None else ""
    return set_off(parse_duration(written).text()) if written else None
