"""What pages of the desk put in with one tag: likely duplicates, numbers of other systems, the hand-over that waits.

{% load desktools %}{% duplicates case %}
"""

from __future__ import annotations

from typing import Any

from django import template
from django.template.context import Context

from zhuoli.core.case.state import Case
from zhuoli.office.access import Viewer

register = template.Library()


@register.inclusion_tag("desk/parts/duplicates.html", takes_context=True)
def duplicates(context: Context, case: Case) -> dict[str, Any]:
    """Show what may be the same matter as this case, and what is merged with it."""
    from zhuoli.web.desk.duplicates import panel

    return _with(context, panel(_viewer(context), case, str(context.get("lang", "zh"))))


@register.inclusion_tag("desk/parts/numbers.html", takes_context=True)
def numbers(context: Context, case: Case) -> dict[str, Any]:
    """Show the numbers of other systems, and the form to enter one."""
    from zhuoli.web.desk.numbers import panel

    return _with(context, {**panel(_viewer(context), case), **(context.get("number_tried") or {})})


@register.inclusion_tag("desk/parts/export.html", takes_context=True)
def take_away(context: Context, query: str) -> dict[str, Any]:
    """Offer the list as a file to those who may take it away."""
    from zhuoli.web.desk.export import TAKERS

    may = any(_viewer(context).holds(role) for role in TAKERS)
    return _with(context, {"may": may, "query": query})


@register.inclusion_tag("desk/parts/hands.html", takes_context=True)
def hands(context: Context) -> dict[str, Any]:
    """Lead to the hand-over from the menu, for posts that work in shifts."""
    from zhuoli.web.desk.handover import HANDS

    may = any(_viewer(context).holds(role) for role in HANDS)
    return _with(context, {"may": may, "page": context.get("page", "")})


@register.inclusion_tag("desk/parts/to_call.html", takes_context=True)
def to_call(context: Context) -> dict[str, Any]:
    """Lead from the menu to the people to call, while there are any, with their number."""
    from zhuoli.office import outbox

    viewer = _viewer(context)
    waiting = outbox.count_to_call(viewer.unit) if viewer.is_post else 0
    return _with(context, {"to_call": waiting, "page": context.get("page", "")})


@register.inclusion_tag("desk/parts/handover_notice.html", takes_context=True)
def handover_notice(context: Context) -> dict[str, Any]:
    """Say that a hand-over of another post of the unit waits to be signed for."""
    from zhuoli.office import handover
    from zhuoli.web.desk.handover import HANDS

    viewer = _viewer(context)
    may = any(viewer.holds(role) for role in HANDS)
    return _with(context, {"handovers": handover.waiting(viewer.unit, viewer.post) if may else []})


def _viewer(context: Context) -> Viewer:
    viewer: Viewer = context["viewer"]
    return viewer


def _with(context: Context, found: dict[str, Any]) -> dict[str, Any]:
    """Hand on what every part needs; ``pane`` says that it is drawn beside the list."""
    given = {
        "lang": context.get("lang", "zh"),
        "viewer": context["viewer"],
        "pane": context.get("pane", False),
    }
    return {**given, **found}


@register.inclusion_tag("village/menu.html", takes_context=True)
def villages_link(context: Context) -> dict[str, Any]:
    """Lead whoever notes the rounds of villages, or arranges them, to their pages."""
    from zhuoli.web.village.served import way_in

    return _with(context, {"way_in": way_in(_viewer(context))})
