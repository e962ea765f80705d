"""Accounts and the posts that they hold, changed by administrators and by the command line; every change is recorded.

Whoever changes something says who they are (``acts.By``) and when (ms UTC). Passwords are made here and told once.
"""

from __future__ import annotations

import re
import secrets

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import transaction

from zhuoli.core.text import Text
from zhuoli.office import acts
from zhuoli.office.acts import By
from zhuoli.office.errors import OfficeError
from zhuoli.store.models import Post

_NAME = re.compile(r"[^\W\d_](?:[^\W\d_]|[ ·.]){1,19}")
"""What may stand as the name of a post's holder: letters, blanks and dots, no digits."""
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


def new_password() -> str:
    """Return a password that can be read aloud: four groups of four, 79 bits."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def create(name: str, password: str, by: By, at: int, unit: str = "") -> User:
    """Make an account.

    Raises:
        OfficeError: ``account_exists`` or ``bad_name``.
    """
    try:
        User._meta.get_field("username").clean(name, None)
    except ValidationError:
        raise bad_name() from None
    if User.objects.filter(username=name).exists():
        raise OfficeError(
            "account_exists",
            Text(f"账号 {name} 已经有了。", f"There is an account {name} already."),
            Text("换一个名字，或给它岗位。", "Take another name, or give that account a post."),
        )
    with transaction.atomic():
        user = User.objects.create_user(name, password=password)
        acts.record(by, "account.create", name, at=at, unit=unit)
    return user


def set_password(user: User, password: str, by: By, at: int) -> None:
    """Change a password; whoever is signed in with the account must sign in again."""
    with transaction.atomic():
        user.set_password(password)
        user.save(update_fields=["password"])
        acts.record(by, "account.password", user.username, at=at, unit=_unit(user))


def reset_second_factor(user: User, by: By, at: int) -> int:
    """Take away authenticator, recovery codes and passkeys of somebody who lost them; return how many there were."""
    with transaction.atomic():
        count, _ = Authenticator.objects.filter(user=user).delete()
        acts.record(by, "account.second_factor", user.username, at=at, unit=_unit(user))
    return count


def close(user: User, by: By, at: int) -> None:
    """Close an account, vacate its posts and end its sessions; what it did stays recorded."""
    with transaction.atomic():
        for post in list(user.posts.all()):
            vacate(post, by, at)
        user.is_active = False
        user.save(update_fields=["is_active"])
        acts.record(by, "account.close", user.username, at=at)
    for session in Session.objects.iterator():
        if session.get_decoded().get("_auth_user_id") == str(user.pk):
            session.delete()


def reopen(user: User, by: By, at: int) -> None:
    """Open a closed account again; it holds no posts."""
    with transaction.atomic():
        user.is_active = True
        user.save(update_fields=["is_active"])
        acts.record(by, "account.reopen", user.username, at=at)


def give(post: Post, user: User, by: By, at: int) -> None:
    """Give an account a post.

    Raises:
        OfficeError: ``post_taken``, or ``account_closed``.
    """
    if post.user_id is not None and post.user_id != user.pk:
        raise OfficeError(
            "post_taken",
            Text(f"岗位 {post.id} 已有人。", f"Somebody holds the post {post.id} already."),
            Text("先空出这个岗位。", "Make the post vacant first."),
        )
    if not user.is_active:
        raise OfficeError(
            "account_closed",
            Text(f"账号 {user.username} 已停用。", f"The account {user.username} is closed."),
            Text("先恢复账号，或换一个。", "Reopen it first, or choose another."),
        )
    with transaction.atomic():
        if post.user_id != user.pk:
            post.shown_name = ""
        post.user = user
        post.save(update_fields=["user", "shown_name"])
        acts.record(by, "post.give", user.username, at=at, unit=post.unit_id, details={"post": post.id})


def vacate(post: Post, by: By, at: int) -> None:
    """Make a post vacant."""
    holder = post.user.username if post.user else ""
    with transaction.atomic():
        post.user = None
        post.shown_name = ""
        post.save(update_fields=["user", "shown_name"])
        acts.record(by, "post.vacate", holder, at=at, unit=post.unit_id, details={"post": post.id})


def show_name(post: Post, name: str, *, agreed: bool, by: By, at: int) -> None:
    """Choose how the public may call whoever holds a post, or "" to show the post only; the name itself is not recorded.

    Raises:
        OfficeError: ``name_not_shown``: the person has not agreed, or this is no name.
    """
    if name and not agreed:
        raise OfficeError(
            "name_not_shown",
            Text("本人没有同意，不能公开称呼。", "A name is shown only if the person agrees."),
            Text(
                "问过本人、勾上“本人同意公开”，或者不写称呼。",
                "Ask the person and tick “the person agrees”, or leave the name empty.",
            ),
        )
    if name and not _NAME.fullmatch(name):
        raise OfficeError(
            "name_not_shown",
            Text("称呼只写 2 到 20 个字，不带数字。", "A name has 2 to 20 letters and no digits."),
            Text(
                "例如“王警官”；电话填在单位上。", "Such as “Officer Wang”; a telephone belongs to the unit."
            ),
        )
    with transaction.atomic():
        post.shown_name = name
        post.save(update_fields=["shown_name"])
        acts.record(
            by, "post.show", post.id, at=at, unit=post.unit_id, details={"post": post.id, "shown": bool(name)}
        )


def bad_name() -> OfficeError:
    """Return the error for a name that no account can have."""
    return OfficeError(
        "bad_name",
        Text(
            "用户名只能用字母、数字和 @ . + - _，最多 150 个字符。",
            "A user name is letters, digits and @ . + - _, 150 at most.",
        ),
        Text("换一个名字。", "Choose another name."),
    )


def _unit(user: User) -> str:
    return user.posts.order_by("id").values_list("unit_id", flat=True).first() or ""
