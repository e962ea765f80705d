"""``./zhuoli account``: who may sign in, and as which post."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from zhuoli.cli import output
from zhuoli.cli.ledger import start_django
from zhuoli.cli.options import JSON
from zhuoli.core.text import Text

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from zhuoli.store.models import Post


@click.group()
def account() -> None:
    """谁能登录、在哪个岗位。 Who may sign in, and as which post.

    Posts are made with the units; ``account posts WORD`` finds them. Whoever holds no post can sign in to nothing.
    """


@account.command("add")
@click.argument("name")
@click.option("--post", "posts", multiple=True, help="岗位，可以写几次。 A post; may be given several times.")
@click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="密码。 The password."
)
def add(name: str, posts: tuple[str, ...], password: str) -> None:
    """新建账号，给它岗位。 Make an account and give it posts."""
    start_django()
    from django.db import transaction

    from zhuoli.office import accounts
    from zhuoli.office.acts import By

    found = [_post(one) for one in posts]
    _check_password(name, password)
    with transaction.atomic(), _told():
        user = accounts.create(name, password, By(), now())
        for post in found:
            accounts.give(post, user, By(), now())
    output.say(Text(f"账号 {name} 已建好。", f"The account {name} is made."))


@account.command("password")
@click.argument("name")
@click.option(
    "--password", prompt=True, hide_input=True, confirmation_prompt=True, help="密码。 The password."
)
def change_password(name: str, password: str) -> None:
    """换密码；已登录的要重新登录。 Change a password; whoever is signed in must sign in again."""
    start_django()
    user = _user(name)
    _check_password(name, password)
    from zhuoli.office import accounts
    from zhuoli.office.acts import By

    accounts.set_password(user, password, By(), now())
    output.say(Text(f"{name} 的密码已换。", f"The password of {name} is changed."))


@account.command("hold")
@click.argument("name")
@click.argument("post")
def hold(name: str, post: str) -> None:
    """给账号一个岗位。 Give an account a post."""
    start_django()
    from zhuoli.office import accounts
    from zhuoli.office.acts import By

    found, user = _post(post), _user(name)
    with _told():
        accounts.give(found, user, By(), now())
    output.say(Text(f"{name} 现在在岗位 {post}。", f"{name} now holds the post {post}."))


@account.command("leave")
@click.argument("post")
def leave(post: str) -> None:
    """空出岗位。 Make a post vacant."""
    start_django()
    from zhuoli.office import accounts
    from zhuoli.office.acts import By

    accounts.vacate(_post(post), By(), now())
    output.say(Text(f"岗位 {post} 空出来了。", f"The post {post} is vacant."))


@account.command("close")
@click.argument("name")
def close(name: str) -> None:
    """停用账号，空出它的岗位；记录留着。 Close an account and vacate its posts; what it did stays recorded."""
    start_django()
    from zhuoli.office import accounts
    from zhuoli.office.acts import By

    accounts.close(_user(name), By(), now())
    output.say(Text(f"账号 {name} 已停用。", f"The account {name} is closed."))


@account.command("reset")
@click.argument("name")
def reset(name: str) -> None:
    """重设双重验证：手机丢了、恢复码也没有了。 Take away the second factor of somebody who has lost it."""
    start_django()
    from zhuoli.office import accounts
    from zhuoli.office.acts import By

    accounts.reset_second_factor(_user(name), By(), now())
    output.say(Text(f"{name} 的双重验证已重设。", f"The second factor of {name} is reset."))


@account.command("list")
@JSON
def list_accounts(as_json: bool) -> None:
    """列出账号和岗位。 List accounts and their posts."""
    start_django()
    from allauth.mfa.models import Authenticator
    from django.contrib.auth.models import User

    factors = set(Authenticator.objects.values_list("user_id", flat=True))
    rows = [
        {
            "name": user.username,
            "active": user.is_active,
            "posts": sorted(post.id for post in user.posts.all()),
            "second_factor": user.pk in factors,
            "last_login": user.last_login.isoformat() if user.last_login else None,
        }
        for user in User.objects.prefetch_related("posts").order_by("username")
    ]
    if as_json:
        output.echo_json(rows)
        return
    words = {True: Text("可用", "open"), False: Text("停用", "closed")}
    output.table(
        (Text("账号", "Account"), Text("状态", "State"), Text("岗位", "Posts")),
        [
            (str(row["name"]), words[bool(row["active"])], ", ".join(row["posts"]))  # type: ignore[arg-type]
            for row in rows
        ],
    )


@account.command("posts")
@click.argument("word", required=False, default="")
@JSON
def list_posts(word: str, as_json: bool) -> None:
    """按单位名或编号找岗位（最多 100 个）。 Find posts by the name or id of their unit, at most 100."""
    start_django()
    from django.db.models import Q

    from zhuoli.store.models import Post

    among = Post.objects.select_related("unit", "user").order_by("id")
    if word:
        among = among.filter(
            Q(id__icontains=word) | Q(unit__name_zh__contains=word) | Q(unit__name_en__icontains=word)
        )
    found = list(among[:100])
    if as_json:
        output.echo_json(
            [
                {
                    "id": post.id,
                    "unit": post.unit_id,
                    "name": {"zh": post.unit.name_zh, "en": post.unit.name_en},
                    "roles": post.roles,
                    "account": post.user.username if post.user else None,
                }
                for post in found
            ]
        )
        return
    output.table(
        (Text("岗位", "Post"), Text("单位", "Unit"), Text("账号", "Account")),
        [
            (post.id, Text(post.unit.name_zh, post.unit.name_en), post.user.username if post.user else "–")
            for post in found
        ],
    )


def _user(name: str) -> User:
    from django.contrib.auth.models import User

    user = User.objects.filter(username=name).first()
    if user is None:
        output.fail(
            Text(f"没有账号 {name}。", f"There is no account {name}."),
            Text("account list 列出所有账号。", "account list shows all accounts."),
            code="unknown_account",
        )
    return user


def _post(post: str) -> Post:
    from zhuoli.store.models import Post

    found = Post.objects.filter(id=post).first()
    if found is None:
        output.fail(
            Text(f"没有岗位 {post}。", f"There is no post {post}."),
            Text("account posts 词 按单位名查找。", "account posts WORD finds posts by their unit."),
            code="unknown_post",
        )
    return found


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the office refuses, and leave."""
    from zhuoli.office.errors import OfficeError

    try:
        yield
    except OfficeError as error:
        output.fail(error.text, error.remedy, code=error.code)


def now() -> int:
    """Return the present instant in ms UTC."""
    return time.time_ns() // 1_000_000


def _check_password(name: str, password: str) -> None:
    from django.contrib.auth.models import User
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError
    from django.utils import translation

    said: dict[str, str] = {}
    for language in ("zh-hans", "en"):
        with translation.override(language):
            try:
                validate_password(password, User(username=name))
            except ValidationError as error:
                said[language] = " ".join(error.messages)
    if said:
        output.fail(
            Text(said["zh-hans"], said["en"]),
            Text("换一个更长、不常见的密码。", "Choose a longer and less common one."),
            code="weak_password",
        )
