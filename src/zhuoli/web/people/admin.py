"""An administrator's pages: the units of their own tree, the posts in them, and the accounts that hold them.

Everything goes through ``office.accounts``, which records who did what; the record stands at the foot of the page.
"""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from zhuoli.core.scenario.directory_words import OTHER_ROLES, ROLES
from zhuoli.core.text import Text
from zhuoli.office import accounts, acts
from zhuoli.office.access import require_administrator, require_rule
from zhuoli.office.acts import By
from zhuoli.office.errors import OfficeError
from zhuoli.office.inbox import below
from zhuoli.store.models import ActRecord, Post
from zhuoli.web import door, when
from zhuoli.web.context import asked
from zhuoli.web.errors import Problem, not_found
from zhuoli.web.wording import text

MOST = 60
"""Posts on one page; a search finds the others."""
WHATS = ("give", "vacate", "show", "password", "second_factor", "close", "reopen")


@require_safe
def admin_page(request: HttpRequest) -> HttpResponse:
    """List the posts of the administrator's units, or those that a few words find."""
    require_administrator(asked(request).viewer)
    return _list(request)


@require_POST
def create_page(request: HttpRequest) -> HttpResponse:
    """Make an account; its first password is shown once."""
    viewer = asked(request).viewer
    require_administrator(viewer)
    name = request.POST.get("name", "").strip()[:150]
    password = accounts.new_password()
    try:
        user = accounts.create(name, password, by_of(request), when.now(), viewer.unit)
    except OfficeError as error:
        problem = Problem(text=error.text, remedy=error.remedy, links=(("name", None, error.remedy),))
        return _list(request, problem=problem, name=name)
    return _account(request, user, password=password)


@require_safe
def account_page(request: HttpRequest, account: str) -> HttpResponse:
    """Show one account: its posts, its second factor, and what may be done with it."""
    require_administrator(asked(request).viewer)
    return _account(request, _found(request, account))


@require_POST
def do_page(request: HttpRequest, what: str) -> HttpResponse:
    """Change a post or an account of one's own units."""
    page = asked(request)
    require_administrator(page.viewer)
    if what not in WHATS:
        raise not_found()
    by, at = by_of(request), when.now()
    if what in ("give", "vacate", "show"):
        post = (
            Post.objects.select_related("unit", "user").filter(pk=request.POST.get("post", "")[:60]).first()
        )
        if post is None:
            raise not_found(text("error.no_post"))
        require_rule(page.viewer, post.unit_id, door.directory())
        try:
            if what == "vacate":
                accounts.vacate(post, by, at)
            elif what == "show":
                name = " ".join(request.POST.get("shown_name", "")[:40].split())
                accounts.show_name(post, name, agreed="agreed" in request.POST, by=by, at=at)
            else:
                accounts.give(post, _found(request, request.POST.get("account", "").strip()), by, at)
        except OfficeError as error:
            return _list(request, problem=Problem(text=error.text, remedy=error.remedy))
        unit = reverse("desk.admin", args=(page.lang,))
        return redirect(f"{unit}?q={post.unit_id}&done={what}#main")
    user = _found(request, request.POST.get("account", ""))
    if what == "password":
        password = accounts.new_password()
        accounts.set_password(user, password, by, at)
        return _account(request, user, password=password)
    if what == "second_factor":
        accounts.reset_second_factor(user, by, at)
    elif what == "close":
        accounts.close(user, by, at)
    else:
        accounts.reopen(user, by, at)
    return redirect(reverse("desk.admin.account", args=(page.lang, user.username)) + f"?done={what}#main")


def _found(request: HttpRequest, name: str) -> User:
    """Return an account that is the administrator's to change.

    Raises:
        BadRequestPage: 404, there is none.
        Denied: it holds a post outside the administrator's units.
    """
    user = User.objects.filter(username=name[:150]).first()
    if user is None:
        raise not_found(text("error.no_account"))
    viewer, directory = asked(request).viewer, door.directory()
    held = list(user.posts.values_list("unit_id", flat=True))
    if not held:
        # Whoever holds nothing belongs to the unit that dealt with the account last.
        last = ActRecord.objects.filter(subject=user.username).exclude(unit="").order_by("-number").first()
        held = [last.unit] if last is not None else []
    for unit in held:
        require_rule(viewer, unit, directory)
    return user


def _list(request: HttpRequest, problem: Problem | None = None, name: str = "") -> HttpResponse:
    page = asked(request)
    directory = door.directory()
    units = [page.viewer.unit, *below(page.viewer.unit, directory)]
    q = request.GET.get("q", "").strip()[:60]
    shown = [unit for unit in units if _fits(unit, q)] if q else units[:1] + units[1:40]
    order = {unit: number for number, unit in enumerate(shown[:400])}
    posts = list(Post.objects.filter(unit_id__in=order).select_related("unit", "user").order_by("id"))
    if q:
        posts = [*(found := _by_title(q, set(units))), *(post for post in posts if post not in found)]
    posts.sort(key=lambda post: order.get(post.unit_id, -1))
    context = {
        "page": "admin",
        "unit": directory.name(page.viewer.unit),
        "count": len(units),
        "q": q,
        "groups": _grouped(posts[:MOST]),
        "more": len(posts) > MOST or len(shown) > 400 or (not q and len(units) > 40),
        "acts": [told(each) for each in acts.of_units(units[:900], 30)],
        "problem": problem,
        "name": name,
        "done": _done(request),
    }
    return render(request, "people/admin.html", context, status=422 if problem else 200)


def _by_title(q: str, units: set[str]) -> list[Post]:
    """Return posts of these units by their own id or title: the auxiliary of a village by the village's name."""
    wanted = Q(pk=q) | Q(title_zh__contains=q) | Q(title_en__icontains=q)
    found = Post.objects.filter(wanted).select_related("unit", "user").order_by("id")[:400]
    return [post for post in found if post.unit_id in units]


def _fits(unit: str, q: str) -> bool:
    found = door.directory().units[unit]
    return q == unit or q in found.name_zh or q.lower() in found.name_en.lower()


def _grouped(posts: list[Post]) -> list[dict[str, Any]]:
    groups: dict[str, dict[str, Any]] = {}
    for post in posts:
        name = Text(post.unit.name_zh, post.unit.name_en)
        group = groups.setdefault(post.unit_id, {"id": post.unit_id, "name": name, "posts": []})
        group["posts"].append(
            {
                "id": post.id,
                "title": Text(post.title_zh, post.title_en),
                "roles": [(ROLES | OTHER_ROLES)[role] for role in post.roles if role in ROLES | OTHER_ROLES],
                "holder": post.user.username if post.user else "",
                "shown": post.shown_name,
                "known": "auxiliary" in post.roles,
            }
        )
    return list(groups.values())


def _account(request: HttpRequest, user: User, password: str = "") -> HttpResponse:
    user = User.objects.get(pk=user.pk)
    context = {
        "page": "admin",
        "account": user,
        "posts": _grouped(list(user.posts.select_related("unit", "user").order_by("id"))),
        "factors": Authenticator.objects.filter(user=user).exists(),
        "last": int(user.last_login.timestamp() * 1000) if user.last_login else None,
        "password": password,
        "acts": [
            told(acts.read(each))
            for each in ActRecord.objects.filter(subject=user.username).order_by("-number")[:30]
        ],
        "done": _done(request),
    }
    return render(request, "people/admin_account.html", context)


def told(act: acts.Done) -> dict[str, Any]:
    """Return an act as the page tells it."""
    post = Post.objects.filter(pk=act.by.post).first() if act.by.post else None
    who = Text(post.title_zh, post.title_en) if post else text("admin.operator")
    return {
        "at": act.at,
        "who": who,
        "account": act.by.account,
        "what": acts.ACTS[act.what],
        "subject": act.subject,
        "post": act.details.get("post", ""),
        "unit": door.directory().name(act.unit) if act.unit else None,
        "changed": [
            (text(f"unit_field.{name}"), _value(old), _value(new))
            for name, (old, new) in act.details.get("changed", {}).items()
        ],
    }


def _value(value: object) -> object:
    return text("form.yes" if value else "form.no") if isinstance(value, bool) else value or "–"


def by_of(request: HttpRequest) -> By:
    """Return who does something: the account and the post."""
    name = request.user.get_username() if request.user.is_authenticated else ""
    return By(name, asked(request).viewer.post)


def _done(request: HttpRequest) -> Text | None:
    what = request.GET.get("done", "")
    return text(f"admin_done.{what}") if what in WHATS else None
