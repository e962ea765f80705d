"""Fifty uploads at once over lines that break at random: does everything arrive, and once?

    python benchmarks/uploads.py [--uploads 50] [--cases 10] [--address http://…]

writes the section "uploads" of benchmarks/RESULTS.md. Starts a demonstration of its own (or takes one at ``--address``), reports
accidents, and sends clips by the tus protocol from threads. A line breaks in the middle of a piece, before it, or after it with
the answer lost; then the sender asks how far it came and goes on, as the phone does. At the end the fingerprints that the
page of each case shows are held against those of what was sent.
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import http.client
import os
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import uuid
from collections import Counter
from http.cookies import SimpleCookie
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))

from results import machine, write_section
from tests.evidence.clips import clip

PIECE = 128 * 1024
BREAKS = 0.35
"""Of all pieces this share meets a broken line."""
REPORT = {
    "a-hurt": "none",
    "a-safe": "yes",
    "a-risky": "none_of_these",
    "a-place": "620102001000",
    "a-spot": "a crossing",
    "a-at": "2026-03-04T10:50",
    "a-weather": "clear",
    "a-kind": "motor_motor",
    "a-wish": "online",
    "a-name": "Demo",
    "a-phone": "13900000061",
    "a-other_phone": "13900000062",
}


class Answer(NamedTuple):
    """What a server said."""

    status: int
    headers: dict[str, str]
    body: str


class Phone:
    """A browser without a screen: cookies, forms, and lines that break when told to."""

    def __init__(self, address: str, seed: int) -> None:
        parts = urllib.parse.urlsplit(address)
        self.host, self.port = parts.hostname or "127.0.0.1", parts.port or 80
        self.cookies: dict[str, str] = {}
        self.dice = random.Random(seed)

    def copy(self, seed: int) -> Phone:
        """Return another phone of the same person."""
        other = Phone(f"http://{self.host}:{self.port}", seed)
        other.cookies = dict(self.cookies)
        return other

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes = b"") -> Answer:
        """Send one request and read its answer; follow no redirect."""
        line = http.client.HTTPConnection(self.host, self.port, timeout=120)
        try:
            line.request(method, path, body or None, {**self._own(), **(headers or {})})
            said = line.getresponse()
            text = said.read().decode("utf-8", "replace")
            for each in said.msg.get_all("Set-Cookie") or ():
                for name, morsel in SimpleCookie(each).items():
                    self.cookies[name] = morsel.value
            return Answer(said.status, {key.lower(): value for key, value in said.getheaders()}, text)
        finally:
            line.close()

    def form(self, path: str, fields: dict[str, str]) -> Answer:
        """Send a form of a page, with its hidden fields."""
        page = self.ask("GET", path).body
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        data = urllib.parse.urlencode({**hidden, **fields}).encode()
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "Referer": f"http://{self.host}:{self.port}{path}",
        }
        return self.ask("POST", path, headers, data)

    def _own(self) -> dict[str, str]:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return {"Cookie": cookie, "X-CSRFToken": self.cookies.get("csrftoken", ""), "Tus-Resumable": "1.0.0"}

    def broken(self, path: str, offset: int, piece: bytes) -> None:
        """Send a piece over a line that breaks: in its middle, or after it before the answer has come."""
        sent = piece if self.dice.random() < 0.4 else piece[: self.dice.randrange(len(piece) + 1)]
        lines = [
            f"PATCH {path} HTTP/1.1",
            f"Host: {self.host}:{self.port}",
            "Content-Type: application/offset+octet-stream",
            f"Content-Length: {len(piece)}",
            f"Upload-Offset: {offset}",
            *(f"{name}: {value}" for name, value in self._own().items()),
        ]
        with socket.create_connection((self.host, self.port), timeout=60) as line:
            line.sendall("\r\n".join(lines).encode() + b"\r\n\r\n")
            line.sendall(sent)
            if len(sent) == len(piece):
                time.sleep(self.dice.uniform(0, 0.2))
            # An abrupt end (RST), as of a phone in a tunnel.
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    def send(self, page: str, data: bytes, name: str) -> tuple[str, int, float]:
        """Send a file to its end; return the outcome, how often the line broke, and the seconds."""
        begun, breaks = time.perf_counter(), 0
        said = {
            "key": str(uuid.uuid4()),
            "shot": "film",
            "filename": name,
        }
        metadata = ",".join(
            f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in said.items()
        )
        create = {"Upload-Length": str(len(data)), "Upload-Metadata": metadata}
        if self.dice.random() < BREAKS:
            self.ask("POST", f"{page}uploads/", create)  # its answer is lost, and it is asked again
        url = self.ask("POST", f"{page}uploads/", create).headers["location"]
        offset = 0
        while True:
            piece = data[offset : offset + PIECE]
            if self.dice.random() < BREAKS:
                breaks += 1
                with contextlib.suppress(OSError):
                    self.broken(url, offset, piece)
                time.sleep(self.dice.uniform(0, 0.3))
                now = self.ask("HEAD", url)
            else:
                headers = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": str(offset)}
                now = self.ask("PATCH", url, headers, piece)
                if now.status in (409, 423, 503):
                    time.sleep(0.3)
                    now = self.ask("HEAD", url)
            if "upload-outcome" in now.headers:
                return now.headers["upload-outcome"], breaks, time.perf_counter() - begun
            if "upload-offset" not in now.headers:
                return f"status {now.status}", breaks, time.perf_counter() - begun
            offset = int(now.headers["upload-offset"])


def report(address: str, seed: int) -> tuple[Phone, str]:
    """Report an accident; return a phone that holds its receipt, safe at the roadside, and the page of its evidence."""
    phone = Phone(address, seed)
    done = phone.form("/zh/matters/minor_accident/form/", REPORT)
    if done.status != 302:
        raise SystemExit(
            f"the report was not taken: {done.status} {re.sub('<[^>]+>', ' ', done.body)[:2000]}"
        )
    page = done.headers["location"].replace("receipt/", "evidence/")
    phone.form(page, {"_step": "safety", "hurt": "no", "left": "yes"})
    return phone, page


def _large(number: int) -> bytes:
    """Return a small video with 1 to 4 MB behind it that players pass over (a ``free`` box, ISO 14496-12)."""
    rest = random.Random(number).randbytes(1_000_000 + 75_000 * (number % 40))
    return clip(seconds=2, seed=number, impact=1.0) + (len(rest) + 8).to_bytes(4, "big") + b"free" + rest


def measure(address: str, uploads: int, cases: int) -> list[str]:
    """Send everything at once and compare."""
    clips = [_large(n) for n in range(uploads)]
    phones = [report(address, n) for n in range(cases)]
    outcomes: dict[int, tuple[str, int, float]] = {}

    def run(number: int) -> None:
        phone, page = phones[number % cases]
        outcomes[number] = phone.copy(1000 + number).send(page, clips[number], f"clip-{number}.mp4")

    threads = [threading.Thread(target=run, args=(number,)) for number in range(uploads)]
    begun = time.perf_counter()
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    took = time.perf_counter() - begun
    lost = doubled = strangers = 0
    for place, (phone, page) in enumerate(phones):
        shown = Counter(re.findall(r'class="fingerprint">([0-9a-f]{64})<', phone.ask("GET", page).body))
        wanted = {hashlib.sha256(each).hexdigest() for each in clips[place::cases]}
        lost += len(wanted - shown.keys())
        doubled += sum(count - 1 for count in shown.values())
        strangers += len(shown.keys() - wanted)
    kinds = Counter(outcome for outcome, _, _ in outcomes.values())
    seconds = sorted(each for _, _, each in outcomes.values())
    size = sum(map(len, clips)) / 1e6
    return [
        f"{uploads} clips of {size / uploads:.2f} MB on average ({size:.0f} MB together) sent at once into {cases} cases, in pieces of"
        f" {PIECE // 1024} KB; {BREAKS:.0%} of the pieces met a line that broke, in their middle or before the answer had come.",
        "",
        "| broken lines | taken | lost | doubled | of other bytes | all of it | one upload (median, slowest) |",
        "|---|---|---|---|---|---|---|",
        f"| {sum(each for _, each, _ in outcomes.values())} | {kinds['taken']} | {lost} | {doubled} | {strangers} | {took:.0f} s |"
        f" {statistics.median(seconds):.0f} s, {seconds[-1]:.0f} s |",
        *([] if set(kinds) == {"taken"} else ["", f"Other outcomes: {dict(kinds)}."]),
    ]


def main() -> None:
    """Measure and write the section."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--uploads", type=int, default=50)
    options.add_argument("--cases", type=int, default=10)
    options.add_argument("--address", default="")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server: subprocess.Popen[bytes] | None = None
        address = chosen.address
        if not address:
            with socket.socket() as free:
                free.bind(("127.0.0.1", 0))
                port = free.getsockname()[1]
            address = f"http://127.0.0.1:{port}"
            command = [
                sys.executable,
                "-P",
                "-m",
                "zhuoli",
                "demo",
                "--port",
                str(port),
                "--data",
                folder,
                "--days",
                "2",
            ]
            server = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
            _wait(address)
        try:
            lines = measure(address, chosen.uploads, chosen.cases)
        finally:
            if server is not None:
                os.killpg(server.pid, signal.SIGTERM)
                server.wait(30)
    lines += [
        "",
        f"{machine('granian', 'django')}; a shared machine under other load: the seconds say little, the counts are the point. The last"
        " piece of each upload waits for its first look (a process of its own, two at a time). Repeat: `python benchmarks/uploads.py`.",
    ]
    write_section("uploads", lines)
    print("\n".join(lines))


def _wait(address: str) -> None:
    for _ in range(600):
        try:
            if Phone(address, 0).ask("GET", "/healthz").status == 200:
                return
        except OSError:
            pass
        time.sleep(1)
    raise SystemExit("the demonstration did not begin")


if __name__ == "__main__":
    main()
