"""Rates, counts and changes in words."""

from __future__ import annotations

from zhuoli.core.text import Text
from zhuoli.web.figures.published import SMALLEST, Share
from zhuoli.web.figures.published import Change as Changed
from zhuoli.web.wording import text


def rate_text(share: Share) -> Text:
    """Return a rate: ``93%``, ``about 85%``, ``under 13%``, ``98% or more``, ``too few``; a dash where nothing is counted."""
    if share.of == 0:
        return text("figures.none")
    if share.bound and share.limit is not None:
        return text(f"figures.{share.bound}", n=round(100 * share.limit))
    if share.rate is None:
        return text("figures.too_few")
    return text("figures.about" if is_about(share) else "figures.percent", n=round(100 * share.rate))


def is_about(share: Share) -> bool:
    """Whether a rate is made of so few that it is told as “about”."""
    return share.rate is not None and share.about and bool(share.count) and not share.bound


def said(share: Share, lang: str) -> str:
    """Return a rate in one language."""
    return rate_text(share).in_language(lang)


def count_text(count: int | None) -> Text:
    """Return a published count: ``1,230``, or that there are fewer than five."""
    return text("figures.few_count", n=SMALLEST) if count is None else Text(f"{count:,}", f"{count:,}")


def fraction(share: Share) -> Text:
    """Return numerator and denominator: ``420 / 455``."""
    part, whole = count_text(share.count), count_text(share.of)
    if share.of == 0:
        return text("figures.no_cases")
    return Text(f"{part.zh} / {whole.zh}", f"{part.en} / {whole.en}")


def change_text(change: Changed) -> Text:
    """Return a change in words: up, down, or about the same."""
    if change.points == 0:
        return text("figures.same")
    number = abs(change.points)
    points = Text(f"{number} 个百分点", "1 point" if number == 1 else f"{number} points")
    return text("figures.up" if change.points > 0 else "figures.down", points=points)
