"""Who sits before the screen: the holder of receipts, a signed-in post, or in the demonstration a persona."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from zhuoli.core.text import Text
from zhuoli.office.access import Viewer
from zhuoli.office.grants import granted
from zhuoli.store.models import Post

RECEIPTS = "receipts"
POST = "post"
TOLD = "told"
PERSONA = "persona"
MOST_RECEIPTS = 30
"""How many receipts one session remembers; the oldest is forgotten first."""


def demo() -> bool:
    """Whether this is the demonstration, in which anybody may act as any post."""
    return bool(settings.ENVIRONMENT.mode == "demo")


def viewer_of(request: HttpRequest) -> Viewer:
    """Find out who looks; one statement when somebody is signed in, none for the public."""
    receipts = {str(number): int(case) for number, case in request.session.get(RECEIPTS, {}).items()}
    post, held = _post(request)
    if post is None:
        return Viewer(receipts=receipts)
    return Viewer(
        kind="post",
        receipts=receipts,
        post=post.id,
        unit=post.unit_id,
        roles=tuple(post.roles),
        title=Text(post.title_zh, post.title_en),
        several=held > 1,
        locked=_locked(request, post.roles),
    )


def start_page(viewer: Viewer, lang: str) -> str:
    """Return the address at which a post begins its work."""
    if not viewer.is_post:
        return reverse("home", args=(lang,))
    if viewer.locked:
        return reverse("mfa_activate_totp")
    grant = granted(viewer.roles)
    if grant.sees == "own_tasks" and Post.objects.filter(pk=viewer.post).exclude(territory="").exists():
        return reverse("village", args=(lang,))
    if grant.sees != "nothing":
        return reverse("desk", args=(lang,))
    if grant.shares:
        return reverse("shared", args=(lang,))
    if grant.administers:
        return reverse("desk.admin", args=(lang,))
    return reverse("matters", args=(lang,))


def _locked(request: HttpRequest, roles: list[str]) -> bool:
    """Whether one of the roles asks for a second factor that the account does not have."""
    wanted = settings.ENVIRONMENT.second_factor
    if demo() or not wanted or not ("all" in wanted or set(wanted) & set(roles)):
        return False
    return not Authenticator.objects.filter(user_id=request.user.pk, type__in=("totp", "webauthn")).exists()


def remember_receipt(request: HttpRequest, receipt: str, case: int) -> None:
    """Let this session see a case; its address alone never suffices."""
    kept = dict(request.session.get(RECEIPTS, {}))
    kept.pop(receipt, None)
    kept[receipt] = case
    request.session[RECEIPTS] = dict(list(kept.items())[-MOST_RECEIPTS:])


def remember_told(request: HttpRequest, receipt: str, case: int) -> None:
    """Let a post read out the receipt and code of a case that it has just written down for a caller.

    This gives none of the caller's rights.
    """
    told = dict(request.session.get(TOLD, {}))
    told[receipt] = case
    request.session[TOLD] = dict(list(told.items())[-MOST_RECEIPTS:])


def told(request: HttpRequest, receipt: str) -> int | None:
    """Return the case of a receipt that this session has just written down for a caller."""
    case = request.session.get(TOLD, {}).get(receipt)
    return None if case is None else int(case)


def choose_post(request: HttpRequest, post: str | None) -> None:
    """Act as a post from now on (None: as nobody). The session gets a new key, so that an old one is worth nothing."""
    request.session.cycle_key()
    if post is None:
        request.session.pop(POST, None)
    else:
        request.session[POST] = post


def _post(request: HttpRequest) -> tuple[Post | None, int]:
    chosen = request.session.get(POST)
    if demo():
        return (Post.objects.filter(pk=chosen).first() if chosen else None), 1
    if not request.user.is_authenticated:
        return None, 0
    held = list(Post.objects.filter(user_id=request.user.pk).order_by("id")[:20])
    return next((post for post in held if post.id == chosen), held[0] if held else None), len(held)
