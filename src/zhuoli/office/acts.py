"""The record of what is done beside the cases: one chain of acts that is only ever added to.

Each act names who did it, to what, and the details that a later reader needs. The chain is checked by ``broken``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import msgspec
from django.db import IntegrityError, transaction

from zhuoli.core.text import Text
from zhuoli.store.codec import canonical
from zhuoli.store.models import ActRecord

ACTS: dict[str, Text] = {
    "account.create": Text("新建账号", "made the account"),
    "account.password": Text("换了密码", "set a new password for"),
    "account.second_factor": Text("重设了双重验证", "reset the second factor of"),
    "account.close": Text("停用账号", "closed the account"),
    "account.reopen": Text("恢复账号", "reopened the account"),
    "post.give": Text("给了岗位", "gave the post to"),
    "post.vacate": Text("空出岗位", "vacated the post"),
    "post.show": Text("定了公开称呼", "chose the name that residents see"),
    "unit.change": Text("改了单位", "changed the unit"),
    "serving.put": Text("上架了", "put on the night's menu"),
    "serving.change": Text("改了上架参数", "changed the serving"),
    "serving.off": Text("下架了", "took off the night's menu"),
    "serving.on": Text("重新上架了", "put back on the night's menu"),
    "serving.retire": Text("因准确率低下架了", "retired for its precision"),
    "serving.keep": Text("准确率低，决定保留", "kept in spite of its precision"),
    "deferral.ask": Text("申请推迟告知", "asked to tell looks later"),
    "deferral.approve": Text("批准推迟告知", "approved telling looks later"),
    "deferral.refuse": Text("不批准推迟告知", "refused telling looks later"),
    "deferral.end": Text("提前结束推迟告知", "ended telling looks later before its date"),
}
"""Every act that can be recorded, in words."""

_FIRST = bytes(32)
_TRIES = 8


class By(msgspec.Struct, frozen=True):
    """Who did something: account and post, both empty for an operator at the command line."""

    account: str = ""
    post: str = ""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    """One act as it is read; ``at`` in ms UTC."""

    number: int
    at: int
    by: By
    what: str
    subject: str
    unit: str
    case: int | None
    details: dict[str, Any]


def record(
    by: By,
    what: str,
    subject: str,
    *,
    at: int,
    unit: str = "",
    case: int | None = None,
    details: dict[str, Any] | None = None,
) -> int:
    """Add an act to the chain, within the transaction that does it if there is one; return its number.

    Raises:
        KeyError: ``what`` is no known act.
    """
    ACTS[what]
    text = canonical(details or {}).decode()
    for attempt in range(_TRIES):
        last = ActRecord.objects.order_by("-number").values_list("hash", flat=True).first()
        prev = bytes(last) if last is not None else _FIRST
        hashed = _hash(prev, at, by, what, subject, unit, case, text)
        try:
            with transaction.atomic():
                made = ActRecord.objects.create(
                    at=at,
                    account=by.account,
                    post=by.post,
                    what=what,
                    subject=subject,
                    unit=unit,
                    case_id=case,
                    details=text,
                    prev=prev,
                    hash=hashed,
                )
        except IntegrityError:  # somebody else was faster
            if attempt == _TRIES - 1:
                raise
            continue
        return made.number
    raise AssertionError("unreachable: the last attempt returns or raises")


def of_case(case: int, alias: str = "default") -> list[Done]:
    """Return the acts that concern a case, oldest first."""
    return [read(each) for each in ActRecord.objects.using(alias).filter(case_id=case).order_by("number")]


def of_units(units: Iterable[str], most: int = 100) -> list[Done]:
    """Return the latest acts that concern some units, newest first."""
    found = ActRecord.objects.filter(unit__in=list(units)).order_by("-number")[:most]
    return [read(each) for each in found]


def of_subjects(beginning: str, most: int = 100) -> list[Done]:
    """Return the latest acts on subjects that begin so, newest first."""
    found = ActRecord.objects.filter(subject__startswith=beginning).order_by("-number")[:most]
    return [read(each) for each in found]


def broken() -> int | None:
    """Return the number of the first act that does not fit the chain, or None."""
    prev = _FIRST
    for each in ActRecord.objects.order_by("number").iterator():
        by = By(each.account, each.post)
        wanted = _hash(prev, each.at, by, each.what, each.subject, each.unit, each.case_id, each.details)
        if bytes(each.prev) != prev or bytes(each.hash) != wanted:
            return each.number
        prev = wanted
    return None


def _hash(
    prev: bytes, at: int, by: By, what: str, subject: str, unit: str, case: int | None, details: str
) -> bytes:
    return hashlib.sha256(
        prev + canonical((at, by.account, by.post, what, subject, unit, case, details))
    ).digest()


def read(each: ActRecord) -> Done:
    """Return a row as it is read."""
    return Done(
        number=each.number,
        at=each.at,
        by=By(each.account, each.post),
        what=each.what,
        subject=each.subject,
        unit=each.unit,
        case=each.case_id,
        details=msgspec.json.decode(each.details),
    )
