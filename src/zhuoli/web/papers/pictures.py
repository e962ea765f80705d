"""Pictures of a case, small and full, for its requester and for the posts that may see it."""

from __future__ import annotations

from django.core.cache import cache
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from zhuoli.office import read
from zhuoli.office.access import require_look
from zhuoli.web import door, files
from zhuoli.web.context import asked
from zhuoli.web.desk.pane import seen
from zhuoli.web.portal.progress import held


@require_safe
def own_picture_page(request: HttpRequest, receipt: str, file: str, size: str) -> HttpResponseBase:
    """Show a picture of one's own matter."""
    case, _ = held(request, receipt)
    return files.give_picture(request, case, file, size)


@require_safe
def case_picture_page(request: HttpRequest, case: int, file: str, size: str) -> HttpResponseBase:
    """Show a picture of a case to a post that may see it; the first look of an hour is recorded."""
    found, actor = seen(request, case)
    require_look(asked(request).viewer)
    attachment = files.attachment_of(found, file)
    if attachment.by in found.parties.values():
        field = attachment.question or "file"
        if cache.add(f"picture.{case}.{field}.{attachment.by}.{actor.post}", 1, files.KEPT):
            read.record_look(door.office(), case, attachment.by, (field,), read.HANDLING, actor)
    return files.give_picture(request, found, file, size)
