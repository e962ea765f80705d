"""Who may see or do this: the one place where a viewer, a case and a directory give a yes or a no.

The core decides whether a command fits the case and its actor; this module decides who the actor is, and
whether the viewer may look at the case at all. Every no is a ``Denied`` with words and a remedy.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from stdnum.exceptions import ValidationError
from stdnum.iso7064 import mod_37_36

from zhuoli.core.case.facts import Actor, Directory
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that numbers can be read aloud on the phone."""

_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "U": "V", " ": "", "-": "", "‐": "", "—": ""})
_HIGHEST = 8
"""No chain of command is longer; guards against a circle in the directory."""

OFFICE_ROLES = frozenset({"dispatcher", "supervisor"})


class Denied(Exception):
    """The viewer may not do or see this."""

    def __init__(self, code: str, text: Text, remedy: Text) -> None:
        super().__init__(f"{code}: {text.en}")
        self.code, self.text, self.remedy = code, text, remedy


class Viewer(msgspec.Struct, frozen=True, kw_only=True):
    """Who sits before the screen.

    ``receipts`` are the cases that this session has proved to hold (receipt → case id); a *post* also has its
    unit and roles, and ``several`` when the account holds more than one. A person may be both: an officer can follow a matter of their own.
    """

    kind: Literal["public", "post"] = "public"
    receipts: dict[str, int] = {}
    post: str = ""
    unit: str = ""
    roles: tuple[str, ...] = ()
    title: Text | None = None
    several: bool = False

    @property
    def is_post(self) -> bool:
        """Whether the viewer acts for a unit."""
        return self.kind == "post"

    def holds(self, role: str) -> bool:
        """Whether the viewer's post has this role."""
        return role in self.roles

    def actor(self) -> Actor:
        """Return the post as an actor of commands.

        Raises:
            Denied: the viewer is not a post.
        """
        if not self.is_post:
            raise sign_in_first()
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
        raise Denied(
            "role_missing",
            Text("您的岗位没有这项权限。", "Your post may not do this."),
            Text(
                "请由有权限的岗位办理，或请管理员调整岗位角色。",
                "Ask a colleague whose post may, or have your post's roles changed.",
            ),
        )
    return actor


def party_actor(viewer: Viewer, case: Case, role: str = "requester") -> Actor:
    """Return the actor for somebody who holds the case's receipt.

    Raises:
        Denied: this session has not proved to hold it.
    """
    if viewer.receipts.get(case.receipt) != case.id or role not in case.parties:
        raise Denied(
            "no_receipt",
            Text("要看这件事，需要回执号和密码。", "You need the receipt number and its code to see this."),
            Text("请在“查回执”页输入。", "Enter them on the page “Check a receipt”."),
        )
    return Actor(kind="party", party=case.parties[role])


def require_sight(viewer: Viewer, case: Case, directory: Directory) -> None:
    """Let a post see a case: its unit takes part, dispatches it, or stands above the unit that leads.

    Raises:
        Denied: none of these.
    """
    viewer.actor()
    if viewer.unit in involved(case) or viewer.unit in above(case.unit, directory):
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


def involved(case: Case) -> set[str]:
    """Return the units that have a part in the case now or gave its answer."""
    units = {case.unit, case.dispatcher, case.answered_by, *case.joint}
    units.update(item.unit for item in case.items.values() if item.state in ("active", "suspended"))
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


# --- receipts ------------------------------------------------------------------------------------------


def written(characters: str) -> str:
    """Write the twelve characters of a receipt number in groups."""
    return "ZL-" + "-".join(characters[i : i + 4] for i in range(0, 12, 4))


def read_receipt(typed: str) -> str | None:
    """Return the receipt number that somebody typed, or None when it cannot be one (a slip of the keys)."""
    plain = typed.upper().strip()
    for prefix in ("ZL-", "ZL"):
        if plain.startswith(prefix):
            plain = plain[len(prefix) :]
            break
    plain = plain.translate(_MISREAD)
    if len(plain) != 12:
        return None
    try:
        mod_37_36.validate(plain, ALPHABET)
    except ValidationError:
        return None
    return written(plain)
