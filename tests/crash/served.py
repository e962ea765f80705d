"""The real server as a child process, and a person who posts forms to it knowing nothing but HTTP and HTML."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.client import HTTPConnection, HTTPException, HTTPResponse
from http.cookies import SimpleCookie
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FORM = "/en/matters/public_need/form/"
LAMP = {
    "a-danger": ("none",),
    "a-category": ("road_lighting",),
    "a-hurt": ("no",),
    "a-place": ("620100000000", "620102000000", "620102001000"),
    "a-contact": ("receipt",),
}
"""A dark street lamp in 酒泉路街道, 城关区, 兰州市; each form adds its own story."""

_RECEIPT = re.compile(r"/en/my/([^/]+)/receipt/")
_PATIENCE = 30.0
"""Seconds for what takes a moment: a start, an answer, the end of a killed process."""


class CutOff(Exception):
    """The server was killed before it had answered."""


@dataclass(eq=False)
class Sent:
    """A form as it was posted, byte for byte, and what has been answered to it so far."""

    key: str
    kind: str
    body: bytes
    photo: bytes
    cookies: dict[str, str] = field(default_factory=dict)
    receipt: str = ""
    """The number in the answer to the form: from then on the matter counts as taken."""
    code: str = ""
    """The code on the receipt page."""


class Server:
    """``zhuoli serve`` with its manager and its processes, in a group of their own that can be killed at once."""

    def __init__(self, folder: Path, **values: str) -> None:
        self.port = 0
        self.dying = threading.Event()
        """Set before the kill: from then on, and only then, an answer may be missing."""
        self._log = folder / "server.log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith("ZHUOLI_")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        self._environment = {**kept, "ZHUOLI_MODE": "serve", "ZHUOLI_HTTPS": "0", **values}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *options: str) -> None:
        """Start on a free port; return when it answers."""
        assert self._process is None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.dying.clear()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "zhuoli", "serve", "--port", str(self.port), *options],
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        until = time.monotonic() + _PATIENCE
        while not self._answers():
            assert self._process.poll() is None, f"the server did not start:\n{self.said()}"
            assert time.monotonic() < until, f"the server does not answer:\n{self.said()}"
            time.sleep(0.03)

    def kill(self) -> None:
        """Kill every process of the server with SIGKILL at the same moment; return when none is left."""
        process, self._process = self._process, None
        if process is None:
            return
        self.dying.set()
        assert process.poll() is None, f"the server had ended by itself:\n{self.said()}"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(_PATIENCE)
        until = time.monotonic() + _PATIENCE
        while left := _living(process.pid):
            assert time.monotonic() < until, f"still there after SIGKILL: {left}"
            time.sleep(0.005)

    def said(self) -> str:
        """Return the end of what the server has written."""
        return self._log.read_text(errors="replace")[-4000:]

    def _answers(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=_PATIENCE)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()


class Person:
    """Somebody at a browser without script, in one session; gives up only when the server was killed.

    Raises:
        CutOff: from every method, the server was killed before it had answered.
        AssertionError: it answered with something else, or failed without having been killed.
    """

    def __init__(self, server: Server, cookies: dict[str, str] | None = None) -> None:
        self._server = server
        self._connection = HTTPConnection("127.0.0.1", server.port, timeout=_PATIENCE)
        self.cookies = cookies if cookies is not None else {}

    def fill_in(self, story: str, photo: bytes) -> Sent:
        """Open the form and fill it in; nothing is sent yet."""
        status, _, page = self._ask("GET", FORM)
        assert status == 200, self._unexpected(status, page)
        hidden = _hidden(page)
        uuid.UUID(hidden["_key"])
        answers = {**{name: (value,) for name, value in hidden.items()}, **LAMP, "a-story": (story,)}
        kind, body = _multipart(answers, photo)
        return Sent(hidden["_key"], kind, body, photo, self.cookies)

    def send(self, form: Sent) -> str:
        """Post a form; return the receipt number in the answer."""
        status, location, page = self._ask("POST", FORM, form.body, form.kind)
        assert status == 302, self._unexpected(status, page)
        found = _RECEIPT.fullmatch(location)
        if found is None and self._server.dying.is_set():
            raise CutOff
        assert found is not None, location
        return found[1]

    def read_code(self, receipt: str) -> str:
        """Open the receipt page of this session; return the code on it."""
        status, _, page = self._ask("GET", f"/en/my/{receipt}/receipt/")
        assert status == 200, self._unexpected(status, page)
        shown = re.findall(r'<dd class="code">([^<]+)</dd>', page)
        assert len(shown) == 2, page
        assert shown[0] == receipt
        return str(shown[1])

    def leave(self) -> None:
        """Close the connection."""
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None = None, kind: str = "") -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if kind:
            headers["Content-Type"] = kind
        try:
            self._connection.request(method, path, body, headers)
            answer = self._connection.getresponse()
            page = answer.read().decode()
        except (OSError, HTTPException) as error:
            if self._server.dying.is_set():
                raise CutOff from error
            raise AssertionError(f"{method} {path}: {error!r}\n{self._server.said()}") from error
        self._keep_cookies(answer)
        return answer.status, answer.getheader("Location", ""), page

    def _unexpected(self, status: int, page: str) -> str:
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
        return f"{status}: {said[:500]}\n{self._server.said()}"

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for line in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._inside = has.get("method") == "post" and "data-form" in has
        elif tag == "input" and self._inside and has.get("type") == "hidden":
            self.found[has["name"]] = has["value"]


def _hidden(page: str) -> dict[str, str]:
    reader = _Hidden()
    reader.feed(page)
    assert {"csrfmiddlewaretoken", "_key"} <= reader.found.keys(), page
    return reader.found


def _multipart(answers: dict[str, tuple[str, ...]], photo: bytes) -> tuple[str, bytes]:
    """Return a content type and a body."""
    edge = f"edge-{uuid.uuid4().hex}"
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, values in answers.items()
        for value in values
    ]
    if photo:
        head = f'--{edge}\r\nContent-Disposition: form-data; name="a-photos"; filename="lamp.png"\r\n'
        parts.append(head.encode() + b"Content-Type: image/png\r\n\r\n" + photo + b"\r\n")
    return f"multipart/form-data; boundary={edge}", b"".join(parts) + f"--{edge}--\r\n".encode()


def _living(group: int) -> list[int]:
    """Return the processes of a group that still run (one that has ended and waits to be fetched does not)."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                state, _, pgrp = (entry / "stat").read_text().rpartition(")")[2].split()[:3]
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(pgrp) == group and state not in "ZX":
                found.append(int(entry.name))
    return found
