"""What axe finds on a page.

It takes longer than all else that is done with a page. So a page on which nothing was found is not looked at again by the
same process as long as it is the same to the eye and to a screen reader.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""WCAG 2.2 asks for targets of 24 by 24 px (2.5.8); axe looks at that only when it is told to."""
LOOKS = """() => {
    // What is in the page but for what nobody perceives: hidden values, and where links and forms lead to.
    const copy = document.implementation.createHTMLDocument().importNode(document.documentElement, true);
    copy.querySelectorAll('input[type=hidden]').forEach((each) => each.removeAttribute('value'));
    for (const name of ['href', 'action', 'formaction', 'hx-get', 'hx-post']) {
        copy.querySelectorAll(`:not(link)[${name}]:not([${name}^="#"])`).forEach((each) => each.setAttribute(name, '/'));
    }
    // Numbers of cases and receipts, and keys, are as good as any others: they count in the order in which they come.
    const known = new Map();
    const number = (word) => known.get(word) ?? (known.set(word, `(${known.size})`), known.get(word));
    const all = [...document.querySelectorAll('*')];
    const where = (found) => [...found].map((each) => all.indexOf(each));
    const media = ['(prefers-color-scheme: dark)', '(pointer: coarse)', '(hover)', '(prefers-reduced-motion)'];
    return JSON.stringify([
        copy.outerHTML,
        [innerWidth, innerHeight, devicePixelRatio, scrollX, scrollY],
        media.map((each) => matchMedia(each).matches),
        [':focus', ':focus-visible', ':hover', ':active', ':target', ':invalid', ':modal', ':popover-open'].map(
            (each) => where(document.querySelectorAll(each))),
        all.filter((each) => each.scrollTop || each.scrollLeft).map(
            (each) => [all.indexOf(each), each.scrollTop, each.scrollLeft]),
        [...document.querySelectorAll('input:not([type=hidden]), select, textarea')].map(
            (each) => [each.type == 'file' ? each.files.length : each.value, each.checked, each.indeterminate]),
        [...document.querySelectorAll('img, video')].map(
            (each) => [each.complete, each.naturalWidth, each.readyState, each.videoWidth]),
        document.getAnimations().length,
    ]).replaceAll(/ZL-[0-9A-Z-]+|\\b\\d{18}\\b|\\b[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}\\b/g, number);
}"""

_clean: set[bytes] = set()


def barriers(page: Page, context: str = "") -> list[dict[str, Any]]:
    """Return the violations that axe finds on a page, or in the part of it that a selector names."""
    looks = sha256(f"{context}\n{page.evaluate(LOOKS)}".encode()).digest()
    if looks in _clean:
        return []
    page.evaluate(f"window.axe || (() => {{ {AXE_SCRIPT} }})()")
    ask = "async (asked) => (await axe.run(...asked)).violations"
    found: list[dict[str, Any]] = page.evaluate(ask, [each for each in (context, OPTIONS) if each])
    if not found:
        _clean.add(looks)
    return found
