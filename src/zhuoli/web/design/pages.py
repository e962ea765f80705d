"""The page of the design system: every token and component, light and dark side by side, and when to use it."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from zhuoli.core.scenario.line import Branch, LineState, Size, StageNow, line_svg
from zhuoli.core.scenario.model import Scenario
from zhuoli.core.text import Text
from zhuoli.core.worktime.instants import DAY, HOUR
from zhuoli.web import door, when
from zhuoli.web.clocks import Shown
from zhuoli.web.context import asked
from zhuoli.web.design.tokens import LAYERS, PAIRS, colours, contrast, themes
from zhuoli.web.errors import STATUSES, Problem, not_found, plain_error
from zhuoli.web.lines import drawn
from zhuoli.web.wording import text

SIDES = ("light", "dark")
SECTIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("press", ("buttons", "chips", "doors", "dialog")),
    ("ask", ("fields", "mistakes", "steps")),
    ("tell", ("notices", "now", "clocks", "tags", "ends", "story", "toast")),
    ("line", ("line_strip", "line_case", "line_narrow")),
    ("list", ("table_dense", "table_roomy", "list", "terms", "chart")),
    ("move", ("tabs", "pages")),
    ("states", ("empty", "loading", "offline", "error")),
)
"""The components by what they are for; each has a template ``design/parts/NAME.html``."""


LINE_STATES = ("plan", "running", "stopped", "settled", "unconfirmed")
SAMPLES = ("spot", "tell", "phone", "seen_on", "category", "marks", "hurt", "photos", "note")
"""The fields that are shown, by the names of their texts."""


class Swatch(msgspec.Struct, frozen=True):
    """A colour by its role, and what it is in light and dark."""

    name: str
    light: str
    dark: str


class Measured(msgspec.Struct, frozen=True):
    """A pair of colours with its contrast in both themes, and whether it suffices."""

    front: str
    ground: str
    least: float
    light: str
    dark: str
    good: bool


@require_safe
def design_page(request: HttpRequest) -> HttpResponse:
    """Show the design system; it holds nothing of any case."""
    page = asked(request)
    page.public = True
    found = themes()
    context: dict[str, Any] = {
        "page": "design",
        "sides": [(side, _samples(page.lang, side)) for side in SIDES],
        "sections": SECTIONS,
        "swatches": swatches(),
        "pairs": _measured(),
        "sizes": [name for name in found["measure"] if name.startswith("text-")],
        "spaces": [name for name in found["measure"] if name.startswith("space-")],
        "measures": found["measure"],
        "statuses": STATUSES,
    }
    return render(request, "design/index.html", context)


@require_safe
def error_sample_page(request: HttpRequest, status: int) -> HttpResponse:
    """Show the page of one error as it looks, itself with status 200."""
    if status not in STATUSES:
        raise not_found()
    response = plain_error(request, status)
    response.status_code = 200
    return response


def swatches() -> list[Swatch]:
    """Return the colours by their roles, in the order of the style sheet."""
    light, dark = themes()["light"], themes()["dark"]
    return [Swatch(name, value, dark[name]) for name, value in light.items() if name not in LAYERS]


def _measured() -> list[Measured]:
    light, dark = colours("light"), colours("dark")
    found = []
    for pair in PAIRS:
        one = contrast(light[pair.front], light[pair.ground])
        other = contrast(dark[pair.front], dark[pair.ground])
        found.append(
            Measured(
                pair.front,
                pair.ground,
                pair.least,
                f"{one:.1f}",
                f"{other:.1f}",
                min(one, other) >= pair.least,
            )
        )
    return found


def _samples(language: str, side: str) -> dict[str, Any]:
    """Return what the components of one side are filled with; the line is that of the shelf's longest scenario."""
    now = when.now()
    scenario = max(door.scenarios().values(), key=lambda each: len(each.stages))
    return {
        "clocks": {
            "green": Shown("green", now + 5 * DAY + HOUR),
            "amber": Shown("amber", now + 3 * HOUR),
            "red": Shown("red", now - DAY - HOUR),
            "stopped": Shown("stopped", None),
            "none": Shown("none", None),
        },
        "strips": _lines(scenario, language, "strip", side),
        "cases": _lines(scenario, language, "case", side),
        "narrows": _lines(scenario, language, "narrow", side),
        "ends": ("settled", "unconfirmed", "withdrawn", "refused", "merged", "closed"),
        "problem": Problem(
            text=text("sample.problem"),
            links=((f"{side}-wrong-phone", text("sample.phone"), text("sample.phone_wrong")),),
        ),
        "fields": _fields(side),
        "wrong": [
            _field(side, "phone", "phone", part="wrong", mistake=text("sample.phone_wrong"), value="139"),
            _field(
                side,
                "category",
                "choice",
                part="wrong",
                mistake=text("sample.choose_one"),
                choices=_choices(),
            ),
        ],
        "steps": [
            {"title": text("sample.step_1"), "state": "passed"},
            {"title": text("sample.step_2"), "state": "now"},
            {"title": text("sample.step_3"), "state": ""},
        ],
        "tabs": [
            {"title": text("sample.tab_1"), "href": "#tabs", "now": True},
            {"title": text("sample.tab_2"), "href": "#tabs", "now": False},
            {"title": text("sample.tab_3"), "href": "#tabs", "now": False},
        ],
        "paged": {
            "before": "#pages",
            "after": "#pages",
            "numbers": [(1, "#pages"), (2, ""), (3, "#pages")],
        },
        "story": [
            {
                "at": now - HOUR,
                "who": text("sample.unit"),
                "tone": "plain",
                "lines": [{"text": text("sample.story_2"), "words": "", "tone": "plain"}],
            },
            {
                "at": now - DAY,
                "who": text("sample.you"),
                "tone": "plain",
                "lines": [
                    {
                        "text": text("sample.story_1"),
                        "words": text("sample.words").in_language(language),
                        "tone": "plain",
                    }
                ],
            },
        ],
        "bars": [
            (text("sample.bar_1"), 412, 100),
            (text("sample.bar_2"), 260, 63),
            (text("sample.bar_3"), 96, 23),
        ],
        "due": now + 5 * DAY,
        "sealed_at": now,
        "empty_title": text("sample.empty"),
        "empty_body": text("sample.empty_body"),
        "empty_label": text("sample.empty_label"),
        "toast": text("sample.toast"),
        "undo": text("sample.undo"),
    }


def _lines(scenario: Scenario, language: str, size: Size, side: str) -> list[tuple[str, SafeString]]:
    names = list(scenario.stages)
    unit = text("sample.joint_unit")
    stages = {
        name: StageNow(state="completed" if n == 0 else "active" if n == 1 else "available")
        for n, name in enumerate(names)
    }
    due, ended = text("sample.due"), text("sample.ended")
    states: dict[str, LineState | None] = {
        "plan": None,
        "running": LineState(stages=stages, terminus=due, branches=(Branch(title=unit, stage=names[0]),)),
        "stopped": LineState(stages=stages, paused=True, pause=text("clock.stopped")),
        "settled": LineState(
            stages={name: StageNow(state="completed") for name in names}, terminus=ended, mark="settled"
        ),
        "unconfirmed": LineState(
            stages={name: StageNow(state="completed") for name in names}, terminus=ended, mark="unconfirmed"
        ),
    }
    width = 300 if size == "narrow" else 0
    return [
        (name, drawn(line_svg(scenario, state, language, size, width=width, ident=f"{size}-{name}-{side}")))
        for name, state in states.items()
    ]


def _field(side: str, name: str, kind: str, part: str = "field", **more: Any) -> dict[str, Any]:
    """Return a question as the form template wants it."""
    ident = f"{side}-{part}-{name}"
    field: dict[str, Any] = {"type": kind, "id": ident, "html": ident, "title": text(f"sample.{name}")}
    field |= {"hint": None, "why": None, "mistake": None, "required": True, "value": None, "input": "text"}
    return field | more


def _choices() -> list[tuple[str, Text, Text | None]]:
    return [
        ("a", text("sample.choice_1"), None),
        ("b", text("sample.choice_2"), text("sample.choice_2_hint")),
        ("c", text("sample.choice_3"), None),
    ]


def _fields(side: str) -> list[dict[str, Any]]:
    return [
        _field(side, "spot", "text", hint=text("sample.spot_hint")),
        _field(side, "tell", "long_text", value=""),
        _field(side, "phone", "phone", input="tel", why=text("sample.phone_why"), required=False),
        _field(side, "seen_on", "date", input="date"),
        _field(side, "category", "choice", choices=_choices(), value="b"),
        _field(side, "marks", "many", choices=_choices(), value=["a"], required=False),
        _field(side, "hurt", "yes_no", value=False),
        _field(side, "photos", "photos", required=False),
        _field(side, "note", "note", hint=text("sample.note_hint")),
    ]
