"""What axe finds on a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""WCAG 2.2 asks for targets of 24 by 24 px (2.5.8); axe looks at that only when it is told to."""


def barriers(page: Page, context: str = "") -> list[dict[str, Any]]:
    """Return the violations that axe finds on a page, or in the part of it that a selector names."""
    page.evaluate(f"window.axe || (() => {{ {AXE_SCRIPT} }})()")
    ask = "async (asked) => (await axe.run(...asked)).violations"
    found: list[dict[str, Any]] = page.evaluate(ask, [each for each in (context, OPTIONS) if each])
    return found
