"""The address for partner bodies: how the cases stand that carry their system's numbers, for the holder of a key.

GET /api/numbers/hotline/?since=2026-03-01T00:00:00%2B08:00      Authorization: Bearer zlp_…
"""

from __future__ import annotations

import hashlib
from datetime import datetime

import msgspec
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from zhuoli.core.text import Text
from zhuoli.core.worktime import instant_of
from zhuoli.office import exports, partner_keys, references
from zhuoli.web import door, when
from zhuoli.web.desk import numbers
from zhuoli.web.wording import text

PAGE = 500
WRONG, WINDOW = 40, 15 * 60
"""So many wrong keys from one address within so many seconds, then nothing is compared."""


@csrf_exempt
@require_safe
def numbers_api(request: HttpRequest, system: str) -> HttpResponse:
    """Return one page of cases by their last change; ``next`` is the ``after`` of the following page, null at the end."""
    counter = (
        "wrong.partner." + hashlib.sha256(str(request.META.get("REMOTE_ADDR", "")).encode()).hexdigest()[:24]
    )
    if cache.get(counter, 0) >= WRONG:
        return _refused(429, "too_many", text("partner.too_many"))
    scheme, _, key = request.headers.get("Authorization", "").partition(" ")
    holder = partner_keys.find(door.office().master, key.strip(), when.now()) if scheme == "Bearer" else None
    if holder is None:
        cache.set(counter, cache.get(counter, 0) + 1, WINDOW)
        answer = _refused(401, "key", text("partner.key"))
        answer["WWW-Authenticate"] = 'Bearer realm="zhuoli"'
        return answer
    if holder.system != system:
        return _refused(403, "system", text("partner.system", system=holder.system))
    try:
        since, after = _instant(request.GET.get("since", "")), _after(request.GET.get("after", ""))
    except ValueError:
        return _refused(400, "parameter", text("partner.parameter"))
    found = references.exported(system, since=since, after=after, size=PAGE)
    onward = f"{found[-1].changed}.{found[-1].case}" if len(found) == PAGE else None
    exports.note(
        at=when.now(),
        unit="",
        post=f"partner:{holder.title}",
        what=f"numbers:{system}",
        form="api",
        rows=len(found),
    )
    return _json(
        200,
        {
            "system": system,
            "cases": [numbers.machine_row(numbers.row_of(each), each.result) for each in found],
            "next": onward,
        },
    )


def _instant(raw: str) -> int:
    # A plus that was not escaped arrives as a blank.
    return instant_of(datetime.fromisoformat(raw.strip().replace(" ", "+"))) if raw else 0


def _after(raw: str) -> tuple[int, int]:
    if not raw:
        return 0, 0
    changed, _, case = raw.partition(".")
    if not (raw.isascii() and changed.isdigit() and case.isdigit()) or len(raw) > 40:
        raise ValueError(raw)
    if max(int(changed), int(case)) >= 1 << 63:
        raise ValueError(raw)
    return int(changed), int(case)


def _refused(status: int, code: str, why: Text) -> HttpResponse:
    return _json(status, {"error": code, "text": {"zh": why.zh, "en": why.en}})


def _json(status: int, body: object) -> HttpResponse:
    return HttpResponse(msgspec.json.encode(body), status=status, content_type="application/json")
