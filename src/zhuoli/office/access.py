"""Who may see or do this: the one place where a viewer, a case and a directory give a yes or a no.

The core decides whether a command fits the case and its actor; this module decides who the actor is, whether the
viewer may look at the case at all, and asks the table of the roles (``office.grants``) for the rest. Every no is a ``Denied`` with words and a remedy.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec

from zhuoli.core.case.facts import Actor, Directory
from zhuoli.core.case.state import Case, Item, SharedWith
from zhuoli.core.text import Text
from zhuoli.office.grants import granted

_HIGHEST = 8
"""No chain of command is longer; guards against a circle in the directory."""


class Denied(Exception):
    """The viewer may not do or see this."""

    def __init__(self, code: str, text: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code, self.text, self.remedy = code, text, remedy


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits before the screen.

    ``receipts`` are the cases that this session has proved to hold (receipt → case id); a *post* also has its
    unit and roles, and ``several`` when the account holds more than one. ``locked`` says that the account must have a
    second factor before the post does anything. A person may be both: an officer can follow a matter of their own.
    """

    kind: Literal["public", "post"] = "public"
    receipts: dict[str, int] = {}
    post: str = ""
    unit: str = ""
    roles: tuple[str, ...] = ()
    title: Text | None = None
    several: bool = False
    locked: bool = False

    @property
    def is_post(self) -> bool:
        """Whether the viewer acts for a unit."""
        return self.kind == "post"

    def holds(self, role: str) -> bool:
        """Whether the viewer's post has this role."""
        return role in self.roles

    @property
    def watches(self) -> bool:
        """Whether the viewer's post sees the cases of the units below it, and so has a board."""
        return self.is_post and granted(self.roles).sees == "below"

    def actor(self) -> Actor:
        """Return the post as an actor of commands.

        Raises:
            Denied: the viewer is not a post, or its account lacks the second factor that it must have.
        """
        if not self.is_post:
            raise sign_in_first()
        if self.locked:
            raise Denied(
                "second_factor_first",
                Text("您的岗位要求双重验证。", "Your post asks for a second factor."),
                Text("先用手机上的验证器设置好，再继续。", "Set up an authenticator on your phone first."),
            )
        return Actor(kind="post", unit=self.unit, post=self.post, roles=self.roles)


PUBLIC = Viewer()


def sign_in_first() -> Denied:
    """Return the refusal for somebody who is not signed in."""
    return Denied(
        "not_signed_in",
        Text("这一页只供工作人员使用。", "This page is for staff."),
        Text("请先登录。", "Sign in first."),
    )


def require_post(viewer: Viewer, *roles: str) -> Actor:
    """Return the actor of a signed-in post that has one of the roles (none named: any post).

    Raises:
        Denied: not signed in, or without any of the roles.
    """
    actor = viewer.actor()
    if roles and not set(roles) & set(viewer.roles):
        raise role_missing()
    return actor


def permits(actor: Actor, command: str, channel: str = "") -> bool:
    """Whether an actor's roles include a command (for ``open``: on a channel); the core says what fits the case.

    Parties and the software have no roles: for them the core's own rules are enough.
    """
    if actor.kind != "post":
        return True
    grant = granted(actor.roles)
    if command == "open":
        return channel in grant.channels
    return grant.commands is None or command in grant.commands


def require_colleague(viewer: Viewer) -> Actor:
    """Return the actor of a post that belongs to the house: a body that only reads what was passed on to it does not.

    Raises:
        Denied: not signed in, or such a body.
    """
    actor = viewer.actor()
    if granted(viewer.roles).shares and granted(viewer.roles).sees == "nothing":
        raise role_missing()
    return actor


def require_command(actor: Actor, command: str, channel: str = "") -> None:
    """Refuse a command that the actor's roles do not include.

    Raises:
        Denied: ``role_missing``.
    """
    if not permits(actor, command, channel):
        raise role_missing()


def require_handler(viewer: Viewer) -> Actor:
    """Return the actor of a post that handles cases.

    Raises:
        Denied: not signed in, or a post that sees no cases.
    """
    actor = viewer.actor()
    if granted(viewer.roles).sees == "nothing":
        raise role_missing()
    return actor


def require_opener(viewer: Viewer, channel: str = "") -> Actor:
    """Return the actor of a post that writes down matters (on this channel).

    Raises:
        Denied: not signed in, or without the right.
    """
    actor = viewer.actor()
    channels = granted(viewer.roles).channels
    if not channels or (channel and channel not in channels):
        raise role_missing()
    return actor


WRITTEN_DOWN: tuple[str, ...] = ("phone", "window", "field")
"""Channels on which a post writes down what somebody tells it, the usual one first."""


def usual_channel(viewer: Viewer) -> str:
    """Return the channel on which a post writes matters down unless it says another; "" for a post that does not."""
    channels = granted(viewer.roles).channels
    return next((each for each in WRITTEN_DOWN if each in channels), "")


def require_administrator(viewer: Viewer) -> Actor:
    """Return the actor of a post that keeps posts and accounts.

    Raises:
        Denied: not signed in, or without the right.
    """
    return _holder(viewer, "administers")


def require_server(viewer: Viewer) -> Actor:
    """Return the actor of a post that serves models.

    Raises:
        Denied: not signed in, or without the right.
    """
    return _holder(viewer, "serves")


def require_retirer(viewer: Viewer) -> Actor:
    """Return the actor of a post that decides about the retirement of models.

    Raises:
        Denied: not signed in, or without the right.
    """
    return _holder(viewer, "retires")


def require_rule(viewer: Viewer, unit: str, directory: Directory) -> None:
    """Let an administrator act in its own unit and in those below.

    Raises:
        Denied: neither.
    """
    require_administrator(viewer)
    if viewer.unit != unit and viewer.unit not in above(unit, directory):
        raise Denied(
            "not_yours",
            Text("这个单位不归您管理。", "You do not keep the accounts of that unit."),
            Text("请找它自己的管理员。", "Ask its own administrator."),
        )


def require_look(viewer: Viewer) -> Actor:
    """Return the actor of a post that may look at personal data and files for a purpose.

    Raises:
        Denied: not signed in, or without the right.
    """
    return _holder(viewer, "looks")


def require_deferrer(viewer: Viewer) -> Actor:
    """Return the actor of a post that may ask that its looks are told later.

    Raises:
        Denied: not signed in, or without the right.
    """
    return _holder(viewer, "defers")


def require_renewal(viewer: Viewer, case: Case) -> Actor:
    """Return the actor of a post that may make a new secret for somebody who has lost theirs.

    Raises:
        Denied: not signed in, without the right, or of a unit that does not deal with the person.
    """
    actor = viewer.actor()
    if not granted(viewer.roles).renews:
        raise role_missing()
    if actor.unit not in (case.unit, case.dispatcher):
        raise Denied(
            "not_yours",
            Text(
                "重设密码由责任单位或分派单位办理。",
                "The responsible unit or the dispatcher makes a new secret.",
            ),
            Text("请对方到这两个单位之一办理。", "Send the person to one of them."),
        )
    return actor


Right = Literal["administers", "serves", "retires", "looks", "defers", "shares"]
"""What a role may include beside commands; named as in ``zhuoli.office.grants``."""


def _holder(viewer: Viewer, right: Right) -> Actor:
    """Return the actor of a post whose roles include a right."""
    actor = viewer.actor()
    if not getattr(granted(viewer.roles), right):
        raise role_missing()
    return actor


def role_missing() -> Denied:
    """Return the refusal for a post whose roles do not include something."""
    return Denied(
        "role_missing",
        Text("您的岗位没有这项权限。", "Your post may not do this."),
        Text(
            "请由有权限的岗位办理，或请管理员调整岗位角色。",
            "Ask a colleague whose post may, or have your post's roles changed.",
        ),
    )


def holder_role(case: Case) -> str:
    """Return in which role the holder of a receipt acts: the code was given to whoever raised the matter."""
    return (
        case.channel
        if case.channel in ("guardian", "proxy") and case.channel in case.parties
        else "requester"
    )


def party_actor(viewer: Viewer, case: Case, role: str = "") -> Actor:
    """Return the actor for somebody who holds the case's receipt: the requester, or who raised it for them.

    Raises:
        Denied: this session has not proved to hold it.
    """
    role = role or holder_role(case)
    if viewer.receipts.get(case.receipt) != case.id or role not in case.parties:
        raise Denied(
            "no_receipt",
            Text("要看这件事，需要回执号和密码。", "You need the receipt number and its code to see this."),
            Text("请在“查回执”页输入。", "Enter them on the page “Check a receipt”."),
        )
    return Actor(kind="party", party=case.parties[role])


def require_sight(viewer: Viewer, case: Case, directory: Directory) -> None:
    """Let a post see a case as far as its roles reach (``Sight``).

    Raises:
        Denied: the case is none of this post's business.
    """
    require_handler(viewer)
    sees = granted(viewer.roles).sees
    if sees == "own_tasks":
        if any(is_own(item.unit, item.post, item.role, viewer) for item in _at_work(case)):
            return
    elif viewer.unit in involved(case) or (sees == "below" and viewer.unit in above(case.unit, directory)):
        return
    name = directory.name(case.unit) if case.unit else None
    raise Denied(
        "not_yours",
        Text(
            "这件事不由您的单位办理，您看不到它。",
            "Your unit has no part in this case, so you cannot see it.",
        ),
        Text("需要时请联系{unit}。", "If you need to, ask {unit}.").format(
            unit=name or Text("调度中心", "the dispatch centre")
        ),
    )


def only_own_tasks(viewer: Viewer) -> bool:
    """Whether the post's lists show only what is given to it, or to its role."""
    return granted(viewer.roles).sees == "own_tasks"


def is_own(unit: str, post: str, role: str, viewer: Viewer) -> bool:
    """Whether a task of a unit was given to the viewer's post, or is meant for a role that it has."""
    return unit == viewer.unit and (post == viewer.post or (not post and bool(role) and viewer.holds(role)))


def _at_work(case: Case) -> Iterable[Item]:
    return (item for item in case.items.values() if item.state in ("active", "suspended"))


def involved(case: Case) -> set[str]:
    """Return the units that have a part in the case now or gave its answer."""
    units = {case.unit, case.dispatcher, case.answered_by, *case.joint}
    units.update(item.unit for item in _at_work(case))
    units.discard("")
    return units


def above(unit: str, directory: Directory) -> list[str]:
    """Return the units above a unit, nearest first."""
    found: list[str] = []
    step = directory.superior(unit) if unit else None
    while step and step not in found and len(found) < _HIGHEST:
        found.append(step)
        step = directory.superior(step)
    return found


LINKED = {"loop.confirm": ("confirm", "contest"), "loop.supplement": ("supply",)}
"""What a link in a message lets its holder do about a task of the loop; about any other task: complete it."""


WITH_A_PAPER = ("share", "unshare")
"""What a link that gave somebody a paper lets its holder do: pass that paper on to their own insurer, or take it back."""


def require_share(viewer: Viewer, case: Case, name: str) -> SharedWith:
    """Return what a party has let the viewer's body read, under a name (``kind:party``).

    Raises:
        Denied: not signed in, without the role, or nothing of it was given to this body: whoever asks for another's learns no
            more than that.
    """
    viewer.actor()
    if not granted(viewer.roles).shares:
        raise role_missing()
    found = case.shares.get(name)
    if found is None or found.unit != viewer.unit:
        raise not_given()
    return found


def not_given() -> Denied:
    """Return the refusal for a body that asks for what nobody has let it read."""
    return Denied(
        "not_given",
        Text(
            "没有人把这件事告知您的单位，或者已经撤回。",
            "Nobody has passed this on to you, or it was taken back.",
        ),
        Text("回到“告知我们的”，看还在的。", "Go back to what was passed on to you."),
    )


def require_receiver(viewer: Viewer) -> Actor:
    """Return the actor of a post that reads what parties have let its body read.

    Raises:
        Denied: not signed in, or without the role.
    """
    return _holder(viewer, "shares")


def link_permits(item: str, command: str, task: str) -> bool:
    """Whether a link that asks for ``item`` lets its holder issue a command about ``task``.

    It never gives more than the answer to what was asked: who wants more uses receipt number and code.
    """
    if not item:
        return command in WITH_A_PAPER
    if item in LINKED:
        return command in LINKED[item] and task in ("", item)
    return bool(item) and command == "complete" and task == item
