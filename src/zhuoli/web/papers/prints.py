"""PDFs of a case: for its requester the receipt, notices and the final answer; for the desk all that it knows."""

from __future__ import annotations

import msgspec
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from zhuoli.channels.papers import Paper, PaperFailed, print_paper
from zhuoli.core.case.facts import SYSTEM
from zhuoli.core.case.notices import ANNEX, fill_later
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import read
from zhuoli.office.access import require_look
from zhuoli.web import door
from zhuoli.web.context import asked
from zhuoli.web.desk.pane import seen
from zhuoli.web.downloads import named
from zhuoli.web.errors import BadRequestPage, not_found
from zhuoli.web.files import NOTICE, attachment_of
from zhuoli.web.papers.letters import Letter, notice_words
from zhuoli.web.portal import receipts
from zhuoli.web.portal.progress import held
from zhuoli.web.wording import text


@require_safe
def receipt_pdf(request: HttpRequest, receipt: str) -> HttpResponse:
    """Give the receipt."""
    case, _ = held(request, receipt)
    code = door.code_of(case.id, case.receipt)
    paper = Letter(request, case).receipt(code, receipts.next_steps(case))
    return _give(request, paper, text("file.receipt", receipt=receipt))


@require_safe
def answer_pdf(request: HttpRequest, receipt: str) -> HttpResponse:
    """Give the final answer."""
    case, actor = held(request, receipt)
    opened = read.open_case(door.office(), case.id, actor).state
    if not opened.answer:
        raise not_found(text("error.no_answer"))
    return _give(request, Letter(request, opened).answer(), text("file.answer", receipt=receipt))


@require_safe
def notice_pdf(request: HttpRequest, receipt: str, file: str) -> HttpResponse:
    """Give a notice that was issued to the requester."""
    case, _ = held(request, receipt)
    return give_notice(request, case, file)


@require_safe
def desk_notice_pdf(request: HttpRequest, case: int, file: str) -> HttpResponse:
    """Give a notice of a case, to be handed over at the window; the look is recorded."""
    found, actor = seen(request, case)
    require_look(asked(request).viewer)
    attachment_of(found, file)
    party = read.file_parties(door.office(), case).get(file) or found.parties.get("requester", "")
    read.record_look(door.office(), case, party, ("file",), read.HANDLING, actor)
    return give_notice(request, found, file)


@require_http_methods(["GET", "HEAD", "POST"])
def case_pdf(request: HttpRequest, case: int) -> HttpResponse:
    """Print a case for the desk. Sealed answers stay sealed; sent with a purpose they are opened, and the look recorded."""
    found, actor = seen(request, case)
    purpose = request.POST.get("purpose", "")
    chosen = read.office_purposes(door.plan_of(found), found, actor).get(purpose)
    if purpose and chosen is None:
        raise BadRequestPage(text("look.no_purpose"), text("look.choose"), status=422)
    if chosen is not None:
        require_look(asked(request).viewer)
    fields = (chosen.fields or tuple(found.personal)) if chosen else ()
    opened = read.open_case(door.office(), case, actor, purpose=purpose or read.HANDLING, fields=fields)
    title: Text | None = chosen.title if chosen else None
    paper = Letter(request, opened.state).print_out(opened, title)
    return _give(request, paper, text("file.case", receipt=found.receipt))


def give_notice(request: HttpRequest, case: Case, file: str) -> HttpResponse:
    """Give a notice of a case as a PDF; whether the viewer may have it was asked before.

    Raises:
        BadRequestPage: 404, there is no such notice.
    """
    return give_document(request, case, file, notice_text(case, file))


def give_document(request: HttpRequest, case: Case, file: str, document: str) -> HttpResponse:
    """Give a notice as a PDF, from its text in both languages."""
    name = Text(*(_called(document, lang) for lang in ("zh", "en")))
    return _give(request, Letter(request, case).notice(document, file), name)


def _called(document: str, lang: str) -> str:
    title, number, _ = notice_words(document, lang)
    return f"{title} {number.rpartition('：')[2].removeprefix('No. ')}"


def notice_text(case: Case, file: str) -> str:
    """Return a notice as it was issued, in both languages, with the data of the other side that it names.

    Raises:
        BadRequestPage: 404, there is no such notice, or it was erased.
    """
    return fill_later(
        filed_text(case, file), _annex(case, file), {"zh": text("paper.gone").zh, "en": text("paper.gone").en}
    )


def filed_text(case: Case, file: str) -> str:
    """Return a notice as it was filed, with marks where the other side's data belong.

    Raises:
        BadRequestPage: 404, there is no such notice, or it was erased.
    """
    attachment = attachment_of(case, file)
    if not attachment.media_type.startswith(NOTICE):
        raise not_found(text("error.no_file"))
    try:
        return b"".join(door.office().files.read(file, case.id)).decode()
    except (FileNotFoundError, UnicodeDecodeError):
        raise not_found(text("error.no_file")) from None


def _annex(case: Case, file: str) -> dict[str, tuple[str, str]]:
    """Return the other side's data of a paper that names both sides; nothing once they were erased.

    Paper and annex have the same name, in which the paper's number stands, and belong to different sides.
    """
    whole = door.load(case.id)
    if not any(each.media_type == ANNEX for each in whole.files.values()):
        return {}
    named = read.open_case(door.office(), case.id, SYSTEM).state.files
    belongs = read.file_parties(door.office(), case.id)
    for other, each in named.items():
        if (
            each.media_type == ANNEX
            and each.name == named[file].name
            and belongs.get(other) != belongs.get(file)
        ):
            try:
                data = b"".join(door.office().files.read(other, case.id))
            except FileNotFoundError:
                continue
            return msgspec.json.decode(data, type=dict[str, tuple[str, str]])
    return {}


def _give(request: HttpRequest, paper: Paper, name: Text) -> HttpResponse:
    try:
        pdf = print_paper(paper)
    except PaperFailed:
        raise BadRequestPage(text("paper.failed"), text("paper.failed.remedy"), status=503) from None
    response = HttpResponse(pdf, content_type="application/pdf")
    named(response, name, "pdf", asked(request).lang, attached=False)
    return response


__all__ = ["filed_text", "give_document", "give_notice", "notice_text", "notice_words"]
