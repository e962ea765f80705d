"""What templates may say beyond Django's own tags: texts, dates, addresses of pages and files."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from django import template
from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.base import VariableDoesNotExist
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from zhuoli.core.scenario.model import Picture, Road
from zhuoli.core.scenario.pictures import picture_svg
from zhuoli.core.text import Text
from zhuoli.web import when, wording
from zhuoli.web.scenarios.blocks import paper

register = template.Library()
_OWN_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


@register.simple_tag(takes_context=True)
def persona_menu(context: Context) -> dict[str, Any]:
    """Return whom a visitor of the demonstration can be, and who they are now; asked on its pages only."""
    from zhuoli.web.people import personas
    from zhuoli.web.stories.frame import persona_now

    request = context.get("request")
    viewer = context.get("viewer")
    if request is None or not hasattr(request, "session"):
        return {}
    own = viewer.post if viewer is not None and viewer.is_post else request.session.get("persona", "resident")
    return {"all": personas.personas(), "now": persona_now(request) or personas.who_now(request), "own": own}


@register.simple_tag(takes_context=True)
def t(context: Context, key: str, **values: object) -> str:
    """Say the text of a key in the page's language."""
    return wording.text(key, **values).in_language(_language(context))


@register.simple_tag(takes_context=True)
def word(context: Context, group: str, name: object) -> str:
    """Say the text ``group.name``: a word of a closed list, such as the status of a case."""
    return wording.text(f"{group}.{name}").in_language(_language(context))


@register.simple_tag(takes_context=True)
def say(context: Context, value: object) -> str:
    """Say a text that a scenario, the directory or a refusal brings; anything else as it is, None as nothing."""
    if isinstance(value, Text):
        return value.in_language(_language(context))
    return "" if value is None else str(value)


@register.simple_tag(takes_context=True)
def picture(
    context: Context, pictures: Mapping[str, Picture], key: str, ident: str, title: object = ""
) -> SafeString:
    """Draw the picture of a choice, or nothing when it has none; ``title`` only where no words stand beside it."""
    found = pictures.get(key)
    if found is None:
        return SafeString()
    called = title.in_language(_language(context)) if isinstance(title, Text) else ""
    return _drawn(found, _language(context), f"{ident}-{key}", called)


@register.simple_tag(takes_context=True)
def sketched(context: Context, found: Any, places: Any = ()) -> SafeString:
    """Draw a sketch that is kept with a case; on a map also where its videos say that they were taken."""
    from zhuoli.web.evidence.sketch import svg

    return mark_safe(svg(found, _language(context), ident="sketch", places=places or ()))  # noqa: S308 - drawn by the core


@register.simple_tag
def drawing(block: Any) -> SafeString:
    """Draw a block of a paper on a page, which brings the colours itself."""
    return mark_safe(_OWN_STYLE.sub("", block.svg))  # noqa: S308 - drawn by the core


@register.simple_tag
def countyway(county: str) -> SafeString:
    """Draw the outline of a county, to be drawn upon."""
    from zhuoli.core.scenario.pictures import picture_svg
    from zhuoli.web.evidence.ground import ground
    from zhuoli.web.evidence.sketch import BARE

    empty = Picture(says=Text(county, county), road=BARE, things=())
    return mark_safe(picture_svg(empty, "zh", ident="road-map", ground=ground(county)))  # noqa: S308 - drawn by the core


@register.simple_tag
def streetway(center: Any) -> SafeString:
    """Draw the streets around a point, to be drawn upon."""
    from django.conf import settings

    from zhuoli.core.scenario.pictures import picture_svg
    from zhuoli.web.evidence.sketch import BARE
    from zhuoli.web.evidence.streets import streets, write_point

    where = write_point(center)
    empty = Picture(says=Text(where, where), road=BARE, things=())
    below = streets(center, settings.ENVIRONMENT.tiles, settings.ENVIRONMENT.tiles_credit)
    return mark_safe(picture_svg(empty, "zh", ident="road-streets", ground=below))  # noqa: S308 - drawn by the core


@register.simple_tag
def roadway(name: Road) -> SafeString:
    """Draw an empty road, to be drawn upon."""
    return _drawn(Picture(says=Text(name, name), road=name, things=()), "zh", f"road-{name}", "")


@lru_cache(maxsize=512)
def _drawn(found: Picture, language: str, ident: str, title: str) -> SafeString:
    return mark_safe(picture_svg(found, language, ident=ident, title=title))  # noqa: S308 - drawn by the core


@register.simple_tag(takes_context=True)
def moment(context: Context, instant: int | None) -> str:
    """Write an instant (ms UTC) for people and for machines; nothing for None."""
    if instant is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>', when.machine(instant), when.moment(instant, _language(context))
    )


@register.simple_tag(takes_context=True)
def day(context: Context, instant: int | None) -> str:
    """Write the day of an instant (ms UTC)."""
    if instant is None:
        return ""
    return format_html(
        '<time datetime="{}">{}</time>',
        when.machine(instant),
        when.day(instant).in_language(_language(context)),
    )


@register.simple_tag(takes_context=True)
def ago(context: Context, instant: int) -> str:
    """Write how long ago an instant (ms UTC) was; the exact time is in the title."""
    language = _language(context)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        when.machine(instant),
        when.moment(instant, language),
        when.ago(instant).in_language(language),
    )


@register.simple_tag(takes_context=True)
def left(context: Context, due: int | None) -> str:
    """Write what is left until an instant (ms UTC), or how late it is."""
    return "" if due is None else when.left(due).in_language(_language(context))


@register.simple_tag(takes_context=True)
def to(context: Context, name: str, *args: object, **kwargs: object) -> str:
    """Return the address of a page in the page's language."""
    language = _language(context)
    if kwargs:
        return reverse(name, kwargs={"lang": language, **kwargs})
    return reverse(name, args=(language, *args))


@register.simple_tag
def asset(name: str) -> str:
    """Return the address of a static file with a hash of its content, so that it may be kept for long."""
    return f"{settings.STATIC_URL}{name}?v={_hash(name)}"


@register.filter
def grouped(number: int) -> str:
    """Write a count with its thousands set apart: 1,593."""
    return f"{number:,}"


@register.filter
def item(mapping: Any, key: object) -> Any:
    """Look up a key that is itself a value."""
    try:
        return mapping.get(key)
    except AttributeError:
        return None


def _language(context: Context) -> str:
    try:
        return str(template.Variable("lang").resolve(context))
    except VariableDoesNotExist:
        return "zh"


@cache
def _hash(name: str) -> str:
    found = finders.find(str(name))
    if not found:
        raise FileNotFoundError(f"no static file {name}")
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]


@register.simple_tag(takes_context=True)
def percent(context: Context, share: float | None) -> str:
    """Write a share (0 to 1) in whole per cent."""
    return (
        wording.text("figures.none").in_language(_language(context))
        if share is None
        else f"{100 * share:.0f}%"
    )


@register.simple_tag(takes_context=True)
def hours(context: Context, amount: int | None) -> str:
    """Write whole hours as hours, or as days with one decimal from two days on."""
    if amount is None:
        return wording.text("figures.none").in_language(_language(context))
    key, value = ("length.hours", str(amount)) if amount < 48 else ("length.days", f"{amount / 24:.1f}")
    return wording.text(key, n=value).in_language(_language(context))


@register.filter
def plain(value: float) -> str:
    """Write a coordinate for a drawing, with a point in every language."""
    return f"{value:g}"


@register.filter
def words(line: str) -> list[str]:
    """Split a line of names."""
    return line.split()


@register.filter
def filesize(size: int) -> str:
    """Write a number of bytes in its largest fitting unit, the same in both languages."""
    amount, unit = float(size), "B"
    for larger in ("KB", "MB", "GB"):
        if amount < 1000:
            break
        amount, unit = amount / 1000, larger
    return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"


@register.simple_tag(takes_context=True)
def notice_body(context: Context, notice: Any) -> str:
    """Show a notice's text as it is before its places are filled in."""
    tags = {"h": "h4", "p": "p", "li": "p"}
    parts = []
    for kind, said in paper(notice.body.in_language(_language(context))):
        css = ' class="item"' if kind == "li" else ""
        parts.append(format_html(f"<{tags[kind]}{css}>{{}}</{tags[kind]}>", said))
    return format_html("{}" * len(parts), *parts) if parts else ""


@register.filter
def length_text(ms: int) -> Text:
    """Write a length (ms) in words."""
    return when.length(ms)
