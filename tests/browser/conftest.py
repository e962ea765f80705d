"""A served site and a real browser."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from playwright.sync_api import Browser, expect, sync_playwright
from tests.evidence.remembered import remembered  # noqa: F401
from tests.web.site import Clock, clock, demo, site_template, visitor  # noqa: F401

expect.set_options(timeout=30_000)
"""Milliseconds until what must come has not come: long enough for a slow machine under load."""


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def address(browser: Browser, clock: Clock, demo: None) -> Iterator[str]:  # noqa: F811
    """The address of the site as the demonstration, on a port of its own."""
    from zhuoli.web.wsgi import application

    server = make_server("127.0.0.1", 0, application, _Server, _Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser(chromium: Path) -> Iterator[Browser]:
    """Chromium without what needs a network.

    Playwright keeps an event loop in this thread while it is open. Django would refuse the database there, so it is
    told not to mind, for these tests only.
    """
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        started = playwright.chromium.launch(
            executable_path=str(chromium),
            args=["--no-sandbox", "--disable-quic", "--disable-background-networking"],
        )
        yield started
        started.close()
