"""A site for tests: a real SQLite database with the real places of Lanzhou, and a visitor who uses its forms."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import django
import pytest
from django.conf import settings
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connections
from django.test import Client, override_settings
from PIL import Image
from tests.once import made_once

django.setup()

from zhuoli.office.directory import install_places, load_directory, load_places  # noqa: E402
from zhuoli.places import Division, packaged_divisions  # noqa: E402
from zhuoli.web import door, when  # noqa: E402

WEDNESDAY = 1_772_593_200_000
"""2026-03-04 11:00 in Shanghai: a working day, in the morning."""
STREET = "620102001000"
"""酒泉路街道, 城关区, 兰州市."""
BUREAU = "urban-620102/officer"
CHIEF = "gov-620102/supervisor"
DISPATCHER = "dispatch-6201/dispatcher"


@pytest.fixture(scope="session")
def site_template(run_folder: Path) -> Path:
    """A migrated database with province, city, two counties and their streets, units and posts."""
    return made_once(run_folder / "site.sqlite3", _make_template)


def _make_template(path: Path) -> None:
    before = connections.settings["default"]["NAME"]
    _use(path)
    call_command("migrate", verbosity=0, interactive=False, skip_checks=True)
    install_places(here())
    written_out()
    _use(before)


def written_out() -> None:
    """Bring all that was written into the database's own file, so that it can be copied."""
    with connections["default"].cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def here() -> list[Division]:
    """The province, Lanzhou, and two of its districts with all that is in them."""
    above = ("62", "6201")
    return [
        each for each in packaged_divisions() if each.prefix in above or each.code[:6] in ("620102", "620103")
    ]


def _use(path: Path) -> None:
    connections["default"].close()
    connections["default"].settings_dict["NAME"] = path
    connections.settings["default"]["NAME"] = path


class QuickHasher(PBKDF2PasswordHasher):
    """The hasher of earnest offices with few rounds: theirs are many so that guessing takes long, and so does each test."""

    iterations = 100


QUICK = f"{__name__}.{QuickHasher.__name__}"


class Clock:
    """The office's and the pages' clock, which tests move."""

    def __init__(self) -> None:
        self.now = WEDNESDAY

    def __call__(self) -> int:
        return self.now

    def pass_hours(self, hours: float) -> None:
        self.now += int(hours * 3_600_000)


@contextmanager
def fresh_site(template: Path, path: Path) -> Iterator[Clock]:
    """Use a copy of the template as the database; give the clock that pages and office go by."""
    shutil.copy(template, path)
    before = connections.settings["default"]["NAME"]
    _use(path)
    moved = Clock()
    with pytest.MonkeyPatch.context() as patch, override_settings(PASSWORD_HASHERS=[QUICK]):
        patch.setattr(when, "wall", moved)
        load_directory(fresh=True)
        load_places(fresh=True)
        door.office.cache_clear()
        cache.clear()
        yield moved
    _use(before)


@pytest.fixture
def clock(site_template: Path, tmp_path: Path) -> Iterator[Clock]:
    """A fresh site; the clock that it goes by."""
    with fresh_site(site_template, tmp_path / "site.sqlite3") as moved:
        yield moved


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> None:
    """The site runs as the demonstration: personas by one click."""
    import msgspec

    monkeypatch.setattr(settings, "ENVIRONMENT", msgspec.structs.replace(settings.ENVIRONMENT, mode="demo"))


@pytest.fixture
def visitor(clock: Clock) -> Visitor:
    """Somebody at a browser without script."""
    return Visitor()


class Form:
    """A form of a page with what it holds."""

    def __init__(self, action: str, method: str) -> None:
        self.action = action
        self.method = method
        self.fields: list[tuple[str, str]] = []
        self.names: set[str] = set()
        self.options: dict[str, list[str]] = {}
        self.buttons: list[tuple[str, str]] = []


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.select = ""
        self.area = ""
        self.text: list[str] = []
        self.skipped = 0
        self.ids: dict[str, Form] = {}
        self.loose: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag in ("script", "style"):
            self.skipped += 1
        if tag == "form":
            self.open = Form(found.get("action", ""), found.get("method", "get"))
            self.forms.append(self.open)
            self.ids[found.get("id", "")] = self.open
        if tag == "input" and found.get("form"):
            self.loose.append((found["form"], found))
            return
        if self.open is None or (not found.get("name") and tag != "option"):
            return
        form, name = self.open, found.get("name", "")
        if tag == "input":
            form.names.add(name)
            if found.get("type") in ("radio", "checkbox"):
                form.options.setdefault(name, []).append(found.get("value", ""))
                if "checked" in found:
                    form.fields.append((name, found.get("value", "")))
            elif found.get("type") != "file":
                form.fields.append((name, found.get("value", "")))
        elif tag == "textarea":
            form.names.add(name)
            self.area = name
            form.fields.append((name, ""))
        elif tag == "select":
            form.names.add(name)
            self.select = name
        elif tag == "option" and self.select:
            form.options.setdefault(self.select, []).append(found.get("value", ""))
            if "selected" in found:
                form.fields.append((self.select, found.get("value", "")))
        elif tag == "button":
            form.buttons.append((name, found.get("value", "")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""
        elif tag in ("script", "style"):
            self.skipped -= 1

    def handle_data(self, data: str) -> None:
        if self.area and self.open is not None:
            name, value = self.open.fields.pop()
            self.open.fields.append((name, value + data))
        if not self.skipped:
            self.text.append(data)

    def close(self) -> None:
        """Give fields that stand outside of their form to it."""
        super().close()
        for ident, found in self.loose:
            form = self.ids.get(ident)
            if form is None:
                continue
            form.names.add(found["name"])
            form.options.setdefault(found["name"], []).append(found.get("value", ""))
            if "checked" in found:
                form.fields.append((found["name"], found.get("value", "")))


class Visitor:
    """Follows addresses and fills in forms as a browser without script does."""

    def __init__(self) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.status = 0
        self.path = ""
        self.query: dict[str, str] = {}
        self.html = ""
        self.text = ""
        self.forms: list[Form] = []
        self.headers: Any = {}

    def get(self, path: str) -> Visitor:
        return self._take(self.client.get(path, follow=True), path)

    def form(self, action: str) -> Form:
        """The one form whose action ends so."""
        found = [form for form in self.forms if form.action.endswith(action)]
        assert found, f"no form {action!r} among {[form.action for form in self.forms]}"
        return found[0]

    def send(self, action: str, **values: Any) -> Visitor:
        """Fill in a form and send it; ``a_place`` stands for the field ``a-place``."""
        form = self.form(action)
        data: dict[str, list[Any]] = {}
        for name, value in form.fields:
            data.setdefault(name, []).append(value)
        for key, value in values.items():
            name = key.replace("a_", "a-", 1) if key.startswith("a_") else key
            assert name in form.names | {"_again", "_urgent"} | {n for n, _ in form.buttons} or hasattr(
                value, "read"
            ), f"{name} is not a field of {action}: {sorted(form.names)}"
            data[name] = value if isinstance(value, list) else [value]
        path = form.action or self.path
        if form.method == "get":
            return self._take(self.client.get(path, {k: v[0] for k, v in data.items()}, follow=True), path)
        return self._take(self.client.post(path, data, follow=True), path)

    def task(self, name: str) -> Visitor:
        """Keep only the forms that are about one task."""
        self.forms = [form for form in self.forms if ("_task", name) in form.fields]
        return self

    def be(self, post: str) -> Visitor:
        """Become a post of the demonstration."""
        self.get("/en/personas/")
        form = self.form("/personas/choose/")
        token = next(value for name, value in form.fields if name == "csrfmiddlewaretoken")
        data = {"csrfmiddlewaretoken": token, "post": post}
        return self._take(self.client.post("/en/personas/choose/", data, follow=True), "/en/personas/choose/")

    def _take(self, response: Any, path: str) -> Visitor:
        self.status = response.status_code
        self.headers = response.headers
        self.path = response.request["PATH_INFO"]
        self.query = dict(parse_qsl(response.request["QUERY_STRING"]))
        body = b"".join(response.streaming_content) if response.streaming else response.content
        self.html = body.decode("utf-8", "replace")
        reader = _Reader()
        reader.feed(self.html)
        reader.close()
        self.forms = reader.forms
        self.text = " ".join(" ".join(reader.text).split())
        return self


def drawn(kind: str = "PNG", size: tuple[int, int] = (60, 40), **options: Any) -> bytes:
    """Bytes of a real picture."""
    target = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(target, kind, **options)
    return target.getvalue()


LAMP = drawn()


def picture(name: str = "lamp.png", content: bytes = LAMP) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


def open_need(visitor: Visitor, lang: str = "en", **changes: Any) -> str:
    """Raise a dark street lamp on the portal; return its receipt number."""
    visitor.get(f"/{lang}/matters/public_need/form/")
    answers = {
        "a_danger": "none",
        "a_story": "The lamp before the school has been dark for a week.",
        "a_category": "road_lighting",
        "a_hurt": "no",
        "a_place": ["620100000000", "620102000000", STREET],
        "a_contact": "receipt",
        **changes,
    }
    visitor.send("", **answers)
    assert visitor.status == 200, visitor.text
    assert visitor.path.endswith("/receipt/"), visitor.text
    return visitor.path.split("/")[3]
