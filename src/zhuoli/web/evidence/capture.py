"""The scene in pictures on a phone: safety first, then shot by shot; and what was brought, as its own party sees it."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from zhuoli.core.case.state import Case
from zhuoli.evidence.kinds import LARGEST, LONGEST
from zhuoli.office import read
from zhuoli.web import acts, door, files, when
from zhuoli.web.errors import Problem, not_found
from zhuoli.web.evidence import sender as senders
from zhuoli.web.evidence.items import pieces_of
from zhuoli.web.evidence.parts import give_part
from zhuoli.web.evidence.sender import Sender
from zhuoli.web.evidence.taking import REASONS, TAKEN, take, why_not
from zhuoli.web.wording import text

SAFETY = ("lights", "triangle", "away")
"""What must be so before anybody takes pictures."""
SAFE_FOR = 2 * 3600 * 1000
"""How long (ms) the answers about safety hold."""


@require_http_methods(["GET", "HEAD", "POST"])
def capture_page(request: HttpRequest, receipt: str) -> HttpResponse:
    """Lead the holder of a receipt through the shots."""
    return _capture(request, senders.of_receipt(request, receipt))


@require_http_methods(["GET", "HEAD", "POST"])
def link_capture_page(request: HttpRequest, token: str) -> HttpResponse:
    """Lead whoever has a link through the shots."""
    return _capture(request, senders.of_link(request, token))


@require_safe
def part_page(request: HttpRequest, receipt: str, file: str, part: str) -> HttpResponseBase:
    """Give a part of one's own evidence to the holder of a receipt."""
    return _part(request, senders.of_receipt(request, receipt), file, part)


@require_safe
def link_part_page(request: HttpRequest, token: str, file: str, part: str) -> HttpResponseBase:
    """Give a part of one's own evidence to whoever has a link."""
    return _part(request, senders.of_link(request, token), file, part)


def _part(request: HttpRequest, sender: Sender, file: str, part: str) -> HttpResponseBase:
    """Give one's own original, or a blurred copy: one's own always, the other side's once the case has its answer."""
    case = door.load(sender.case.id)
    attachment = case.files.get(file)
    own = attachment is not None and attachment.by == sender.actor.party
    if attachment is None or not (own or (_open_to_both(case) and part != "original")):
        raise not_found(text("error.no_file"))
    if part == "original":
        opened = read.open_case(door.office(), case.id, sender.actor).state
        return files.give_original(opened, file)
    return give_part(request, case, file, part)


def _open_to_both(case: Case) -> bool:
    """Whether both sides may look at all evidence: once it is determined (处理程序规定 2018, art. 65), never before."""
    return case.closed is not None


def _capture(request: HttpRequest, sender: Sender) -> HttpResponse:
    problem = None
    status = 200
    if request.method == "POST":
        if request.POST.get("_step") == "safety":
            return _safety(request, sender)
        problem = _taken(request, sender)
        if problem is None:
            return redirect(sender.url("capture") + "?done=1#brought")
        status = 422
    if sender.may_add and not _is_safe(request, sender):
        return _show_safety(request, sender)
    return _show(request, sender, problem, status)


def _is_safe(request: HttpRequest, sender: Sender) -> bool:
    said = request.session.get("safe", {}).get(str(sender.case.id), 0)
    return bool(when.now() - SAFE_FOR < said)


def _safety(request: HttpRequest, sender: Sender) -> HttpResponse:
    """Stop where somebody is hurt or stands in the way of traffic; go on where nobody is any more."""
    hurt = request.POST.get("hurt", "")
    left = request.POST.get("left") == "yes"
    missing = [] if left else [each for each in SAFETY if request.POST.get(each) != "yes"]
    if hurt == "yes":
        return _show_safety(request, sender, stopped=True)
    if hurt != "no" or missing:
        return _show_safety(request, sender, missing=missing, hurt=hurt, status=422)
    request.session["safe"] = {**request.session.get("safe", {}), str(sender.case.id): when.now()}
    return redirect(sender.url("capture"))


def _show_safety(
    request: HttpRequest,
    sender: Sender,
    *,
    stopped: bool = False,
    missing: list[str] | None = None,
    hurt: str = "",
    status: int = 200,
) -> HttpResponse:
    links = [("hurt", None, text("evidence.safety.say_hurt"))] if missing is not None and not hurt else []
    links += [(each, None, text(f"evidence.safety.{each}")) for each in missing or ()]
    context = {
        "page": "check",
        "back": sender.back,
        "stopped": stopped,
        "steps": [
            (each, text(f"evidence.safety.{each}"), each not in (missing or [each])) for each in SAFETY
        ],
        "hurt": hurt,
        "problem": Problem(text=text("evidence.safety.first"), links=tuple(links)) if links else None,
        "unit": door.directory().name(sender.case.unit),
    }
    return render(request, "evidence/safety.html", context, status=status)


def _taken(request: HttpRequest, sender: Sender) -> Problem | None:
    """Take in a file that was sent as a plain form, by a browser without script."""
    shot = request.POST.get("shot", "")
    sent = request.FILES.get("file")
    if shot not in sender.shots.questions or not isinstance(sent, UploadedFile):
        return Problem(
            text=text("evidence.choose_first"), links=((f"shot-{shot}", None, text("ask.missing")),)
        )
    if not sender.may_add:
        return Problem(text=why_not("refused"))
    key = acts.read_key(request.POST)

    def pieces() -> Any:
        sent.seek(0)
        return sent.chunks()

    done = take(sender, key, shot, (sent.name or "evidence")[-120:], sent.size or 0, pieces)
    if done.outcome == TAKEN:
        return None
    return Problem(
        text=text("evidence.not_taken", name=sent.name or ""),
        links=((f"shot-{shot}", None, why_not(done.outcome)),),
    )


def _show(request: HttpRequest, sender: Sender, problem: Problem | None, status: int) -> HttpResponse:
    case = read.open_case(door.office(), sender.case.id, sender.actor).state
    everything = _open_to_both(case)
    pieces = pieces_of(
        case,
        lambda file, part: sender.url("part", file, part),
        only="" if everything else sender.actor.party,
    )
    brought: dict[str, int] = {}
    for piece in pieces:
        name = piece.attachment.question.partition(".")[2]
        brought[name] = brought.get(name, 0) + 1
    context: dict[str, Any] = {
        "page": "check",
        "back": sender.back,
        "case": case,
        "own": sender.actor.party,
        "may_add": sender.may_add,
        "uploads": sender.url("uploads"),
        "shots": [
            {
                "name": name,
                "title": asked.question.title,
                "hint": asked.question.hint,
                "video": asked.question.type == "files",
                "count": brought.get(name, 0),
                "key": acts.new_key(),
            }
            for name, asked in sender.shots.questions.items()
        ],
        "pieces": [
            (piece, sender.url("part", piece.file, "original") if sender.own(piece.file) else "")
            for piece in pieces
        ],
        "everything": everything,
        "done": text("evidence.done") if request.GET.get("done") else None,
        "problem": problem,
        "reasons": [(reason, why_not(reason)) for reason in REASONS],
        "limit": LARGEST // 1024 // 1024,
        "minutes": int(LONGEST // 60),
    }
    response = render(request, "evidence/capture.html", context, status=status)
    response.headers["Referrer-Policy"] = "same-origin"
    return response
