"""Forms that were begun and not sent: kept while one fills them in, found again on the same device, deleted by one press.

The device keeps the keys in a cookie, we keep sealed rows (``zhuoli.store.drafts``). Unless somebody says that the
device is their own, the cookie goes when the browser is closed and the rows a day later: many people fill in forms at
a counter or at somebody else's computer. No draft ever becomes a case without being sent.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from zhuoli.core.case.commands import File
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.store.drafts import Drafts, DraftTooLarge, is_token, name_of, new_token
from zhuoli.web import acts, door, questions, uploads, when
from zhuoli.web.context import asked
from zhuoli.web.errors import BadRequestPage, not_found
from zhuoli.web.quota import at_most
from zhuoli.web.wording import text

COOKIE = "drafts"
AWAY = 24 * 3600 * 1000
"""How long (ms) a draft is kept after the last change on a device that may be anybody's."""
OWN = 14 * 24 * 3600 * 1000
"""How long on a device that somebody has called their own."""
MOST = 6
"""Drafts of one device; the oldest gives way."""


class Saved(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a draft: the form's key, the matter, the answers as they were typed, the files, the step, when (ms UTC)."""

    form: str
    scenario: str
    answers: dict[str, Any]
    files: tuple[File, ...] = ()
    step: str = ""
    channel: str = "web"
    at: int

    @property
    def query(self) -> str:
        """What follows the draft's name in the address of the form, for somebody who fills it in for another."""
        return "" if self.channel == "web" else f"&for={self.channel}"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A draft as pages list it."""

    id: str
    query: str
    scenario: str
    title: Text
    at: int
    expires: int


class Held:
    """The drafts of one device: read from the cookie, written back to a response."""

    def __init__(self, request: HttpRequest) -> None:
        raw = request.COOKIES.get(COOKIE, "")
        mark, *tokens = raw.split(".")
        self.own = mark == "own"
        self.tokens = [token for token in tokens if is_token(token)][-MOST:]
        self._secure = request.is_secure()
        self._store = Drafts(door.office().master, door.office().alias)

    @property
    def age(self) -> int:
        """How long (ms) drafts of this device are kept."""
        return OWN if self.own else AWAY

    def all(self) -> list[tuple[str, Saved]]:
        """Return the drafts that are still there, with their tokens, the oldest first."""
        found = [(token, self._open(token)) for token in self.tokens]
        return [(token, saved) for token, saved in found if saved is not None]

    def find(self, draft: str) -> Saved | None:
        """Return a draft by the name of its row."""
        token = self._token(draft)
        return self._open(token) if token else None

    def keep(self, saved: Saved) -> str:
        """Keep a draft, or what it has become; return the name of its row.

        Raises:
            DraftTooLarge: it is longer than any form can be.
        """
        token = next((each for each, old in self.all() if old.form == saved.form), "")
        if not token:
            token = new_token()
        expires = saved.at + self.age
        self._store.keep(token, msgspec.json.encode(saved), expires)
        door.office().files.keep((file.file for file in saved.files), expires)
        for old in [each for each in self.tokens if each != token][: -MOST + 1]:
            self._store.delete(old)
        self.tokens = [*(each for each in self.tokens if each != token), token][-MOST:]
        return name_of(token)

    def drop(self, draft: str) -> None:
        """Delete a draft; nothing happens when it is not there."""
        token = self._token(draft)
        if token:
            self._store.delete(token)
            self.tokens.remove(token)

    def drop_form(self, form: str) -> None:
        """Delete the draft of a form that has been sent."""
        for token, saved in self.all():
            if saved.form == form:
                self.drop(name_of(token))

    def drop_all(self) -> None:
        """Delete all of them and forget the device."""
        for token in self.tokens:
            self._store.delete(token)
        self.tokens, self.own = [], False

    def call_own(self, own: bool) -> None:
        """Say whose device this is, for the drafts that are there and those to come."""
        self.own = own
        for _, saved in self.all():
            self.keep(msgspec.structs.replace(saved, at=when.now()))

    def write(self, response: HttpResponse) -> None:
        """Give the device its keys."""
        if not self.tokens and not self.own:
            response.delete_cookie(COOKIE, samesite="Lax")
            return
        response.set_cookie(
            COOKIE,
            ".".join(["own" if self.own else "any", *self.tokens]),
            max_age=OWN // 1000 if self.own else None,
            httponly=True,
            samesite="Lax",
            secure=self._secure or settings.SESSION_COOKIE_SECURE,
        )

    def _token(self, draft: str) -> str:
        return next((token for token in self.tokens if name_of(token) == draft), "")

    def _open(self, token: str) -> Saved | None:
        content = self._store.open(token, when.now())
        try:
            return msgspec.json.decode(content, type=Saved) if content is not None else None
        except msgspec.ValidationError:
            return None  # written by another version of the program


def shown(request: HttpRequest, scenario: str = "") -> list[Shown]:
    """Return the drafts of this device, the newest first; those of one matter when it is named."""
    if COOKIE not in request.COOKIES:
        return []
    held, scenarios = Held(request), door.scenarios()
    return [
        Shown(
            id=name_of(token),
            query=saved.query,
            scenario=saved.scenario,
            title=scenarios[saved.scenario].title,
            at=saved.at,
            expires=saved.at + held.age,
        )
        for token, saved in reversed(held.all())
        if saved.scenario in scenarios and (not scenario or saved.scenario == scenario)
    ]


@require_POST
@at_most(300)
def save_page(request: HttpRequest, scenario: str) -> HttpResponse:
    """Keep what a form holds now, without checking it; called by script every few seconds.

    ``saved`` in the answer is the time of the day, empty when there is nothing to keep.
    """
    form = door.plan(scenario).forms["form"]
    taken = uploads.take(request, form)
    held = Held(request)
    draft = keep(held, request, scenario, questions.read(form, request.POST), taken.files)
    response = JsonResponse(
        {"saved": when.clock_time(when.now()) if draft else "", "draft": draft, "own": held.own}
    )
    held.write(response)
    return response


def keep(
    held: Held, request: HttpRequest, scenario: str, answers: dict[str, Any], files: tuple[File, ...]
) -> str:
    """Keep what a form has sent; return the name of the draft, empty when there was nothing to keep.

    Raises:
        BadRequestPage: it is longer than any form can be (413), or it has no key.
    """
    key = acts.read_key(request.POST)
    if (not answers and not files) or read.find_key(key) is not None:
        # Emptied; or the form was sent while this was on its way, and is a case now.
        held.drop_form(key)
        return ""
    step = request.POST.get("_step", "")[:100]
    channel = request.GET.get("for", "web")[:20]
    saved = Saved(
        form=key,
        scenario=scenario,
        answers=answers,
        files=files,
        step=step,
        channel=channel if channel.isalpha() else "web",
        at=when.now(),
    )
    try:
        return held.keep(saved)
    except DraftTooLarge:
        raise BadRequestPage(text("draft.too_large"), text("draft.too_large.remedy"), status=413) from None


@require_POST
def drop_page(request: HttpRequest, draft: str) -> HttpResponse:
    """Delete a draft at once, and go back to where one was."""
    held = Held(request)
    held.drop(draft)
    response = redirect(_back(request))
    held.write(response)
    return response


@require_POST
def own_page(request: HttpRequest) -> HttpResponse:
    """Take down whether this device is the person's own: drafts are then kept for two weeks."""
    held = Held(request)
    held.call_own(request.POST.get("own") == "yes")
    response: HttpResponse = (
        JsonResponse({"own": held.own})
        if "application/json" in request.headers.get("Accept", "")
        else redirect(_back(request))
    )
    held.write(response)
    return response


def resumed(request: HttpRequest, scenario: str, draft: str) -> tuple[Saved, tuple[File, ...]]:
    """Return a draft and those of its files that are still there.

    Raises:
        BadRequestPage: 404, this device has no such draft, or it has run out.
    """
    held = Held(request)
    saved = held.find(draft)
    if saved is None or saved.scenario != scenario:
        raise not_found(text("draft.gone"))
    there = set(door.office().files.keep((file.file for file in saved.files), saved.at + held.age))
    return saved, tuple(file for file in saved.files if file.file in there)


def _back(request: HttpRequest) -> str:
    """Return the page of ours that the button was on."""
    wanted = request.POST.get("next", "")
    fine = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/")
    return wanted if fine else reverse("home", args=(asked(request).lang,))
