"""What papers say: the receipt, the final answer, a notice, and the print-out of a case for the desk."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

import msgspec
import segno
from django.http import HttpRequest
from django.urls import reverse

from zhuoli.channels.papers import (
    Block,
    Facts,
    Heading,
    Items,
    Paper,
    Paragraph,
    Quote,
    Steps,
    Table,
    plain,
)
from zhuoli.channels.papers.document import Verify
from zhuoli.core.case.events import Decided
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.state import Case
from zhuoli.core.text import Text
from zhuoli.office import papers, read
from zhuoli.web import cases, clocks, door, viewers, when
from zhuoli.web.context import asked
from zhuoli.web.evidence.custody import Link
from zhuoli.web.papers.sketches import drawing_of, paper_blocks
from zhuoli.web.portal.matters import matter_of
from zhuoli.web.wording import text

KINDS = ("receipt", "answer", "notice", "case", "evidence")


class Letter:
    """Writes the papers of one case in the language of the page."""

    def __init__(self, request: HttpRequest, case: Case) -> None:
        self.request, self.case = request, case
        self.lang = asked(request).lang
        self.plan = door.plan_of(case)

    def receipt(self, code: str, steps: Iterable[Text]) -> Paper:
        """Return the receipt: number, code if it is known, unit, promised date and why, what comes next."""
        case = self.case
        rows = [(text("paper.matter"), self.say(matter_of(self.plan.scenario).title))]
        rows.append((text("receipt.number"), case.receipt))
        if code:
            rows.append((text("receipt.code"), code))
        rows.append((text("receipt.opened"), self.moment(case.opened)))
        rows.append((text("receipt.unit"), self._unit(case.unit)))
        blocks: list[Block] = [self._facts(rows)]
        promise = clocks.promise(case, door.calendar())
        if promise is not None:
            due = self.moment(promise.due) if promise.due is not None else self.say(text("clock.stopped"))
            blocks = [
                Facts((*self._facts(rows).rows, (self.say(promise.label), due, False))),
                Heading(self.say(text("why.title"))),
                Items(tuple(plain(self.say(each)) for each in promise.why)),
            ]
        blocks.append(Heading(self.say(text("receipt.next"))))
        blocks.append(Items(tuple(plain(self.say(each)) for each in steps), numbered=True))
        if code:
            blocks.append(Paragraph(plain(self.say(text("paper.keep_code")))))
        return self._paper("receipt", text("paper.receipt"), tuple(blocks))

    def answer(self) -> Paper:
        """Return the final answer; the case's texts must be opened."""
        case = self.case
        result = self.plan.scenario.closing.results.get(case.result)
        rows = [
            (text("paper.matter"), self.say(self.plan.scenario.title)),
            (text("receipt.number"), case.receipt),
            (text("receipt.opened"), self.moment(case.opened)),
            (text("paper.answered"), self.moment(case.closed) if case.closed is not None else "–"),
            (text("paper.result"), self.say(result.title) if result else "–"),
        ]
        words = tuple(Paragraph(plain(part)) for part in case.answer.split("\n\n") if part.strip())
        final = result is not None and result.kind in ("impossible", "unlawful")
        way_out = text("paper.way_out_review") if final else text("paper.way_out")
        blocks: tuple[Block, ...] = (
            self._facts(rows),
            Heading(self.say(text("progress.answer"))),
            *words,
            Heading(self.say(text("paper.your_turn"))),
            Paragraph(plain(self.say(way_out))),
        )
        return self._paper("answer", text("paper.answer"), blocks, unit=case.answered_by)

    def notice(self, document: str, file: str) -> Paper:
        """Return a notice, from the text that was filed when it was issued (both languages, one after the other)."""
        title, number, body = notice_words(document, self.lang)
        blocks = paper_blocks(self.case, file, body, self.lang)
        return self._paper(self._kind(document), title, blocks, under=number)

    def _kind(self, document: str) -> str:
        """Return the kind of a notice with its id in the scenario, so that whoever verifies it learns which it is."""
        title = notice_words(document, "zh")[0]
        notices = self.plan.scenario.notices
        found = next((name for name, each in notices.items() if each.title.zh == title), "")
        return f"notice:{found}" if found else "notice"

    def print_out(self, opened: read.OpenedCase, purpose: Text | None) -> Paper:
        """Return everything that the desk knows of a case; sealed answers stay sealed unless a purpose was given."""
        case, plan, directory = self.case, self.plan, door.directory()
        rows = [
            (text("receipt.number"), case.receipt),
            (text("paper.status"), self.say(text(f"status.{case.status}"))),
            (text("paper.place"), self.say(door.places().full_name(case.territory, skip=1))),
            (text("receipt.opened"), self.moment(case.opened)),
            (text("unit.lead"), self._unit(case.unit)),
            (text("unit.dispatcher"), self._unit(case.dispatcher)),
        ]
        if case.priority != "normal":
            rows.append((text("paper.priority"), self.say(text(f"option.{case.priority}"))))
        if purpose is not None:
            rows.append((text("paper.purpose"), self.say(purpose)))
        blocks: list[Block] = [self._facts(rows), Heading(self.say(text("case.known")))]
        sealed = self.say(text("paper.sealed"))
        known = cases.answers(plan, case, opened.personal, directory)
        blocks.append(
            Facts(
                tuple(
                    (
                        self.say(each.title),
                        sealed if each.value is None else self.say(each.value),
                        each.value is None,
                    )
                    for each in known
                )
            )
        )
        blocks += self._clocks()
        blocks += self._rules(opened.history)
        if case.answer:
            blocks += [Heading(self.say(text("progress.answer"))), Quote(case.answer)]
        if case.files:
            names = tuple(plain(file.name or file.media_type) for file in case.files.values())
            blocks += [Heading(self.say(text("progress.files"))), Items(names)]
        blocks.append(Heading(self.say(text("case.done"))))
        told = cases.story(plan, opened.history, directory, "office")
        blocks.append(Steps(tuple(self._step(each) for each in reversed(told))))
        return self._paper("case", self.say(plan.scenario.title), tuple(blocks))

    def evidence(self, links: Iterable[Link]) -> Paper:
        """Return the chain of custody of the evidence; the case must be opened and each SHA-256 taken anew."""
        case = self.case
        rows = [
            (text("receipt.number"), case.receipt),
            (text("receipt.opened"), self.moment(case.opened)),
            (text("custody.checked"), self.moment(when.now())),
        ]
        blocks: list[Block] = [self._facts(rows), Paragraph(plain(self.say(text("custody.how"))))]
        for link in links:
            blocks.append(Heading(f"{link.number}. {link.name}"))
            same = (
                "custody.erased" if link.same is None else "custody.same" if link.same else "custody.differs"
            )
            told = [
                (text("custody.by"), self.say(link.side)),
                (text("custody.entry"), f"{link.entry}, {self.moment(link.received)}"),
                (text("custody.size"), f"{link.size:,}"),
                # Broken in two, so that it stands within the page.
                ("SHA-256", f"{link.sha256[:32]} {link.sha256[32:]}"),
                (text("custody.now"), self.say(text(same))),
                *link.facts,
            ]
            blocks.append(Facts(tuple((self.say(name), value, False) for name, value in told)))
            if link.moments:
                blocks.append(Paragraph(plain(self.say(text("custody.moments")) + ", ".join(link.moments))))
            if link.doubts:
                blocks.append(Items(tuple(plain(self.say(each)) for each in link.doubts)))
            steps = tuple(
                (self.moment(each.at), self.say(each.who), (self.say(each.what),)) for each in link.steps
            )
            blocks.append(Steps(steps))
        drawn = drawing_of(case, self.lang)
        if drawn is not None:
            blocks += [Heading(self.say(text("sketch.title"))), drawn]
        return self._paper("evidence", text("custody.title"), tuple(blocks))

    # --- parts -----------------------------------------------------------------------------------------

    def _clocks(self) -> list[Block]:
        blocks: list[Block] = []
        for name, clock in self.case.clocks.items():
            reasons = clocks.why(clock, door.calendar())
            if clock.ended is not None or not reasons:
                continue
            title = text("promise_office.case") if name == "case" else self.plan.title(name)
            shown = clocks.of_clock(clock)
            due = self.say(text("clock.stopped")) if shown.due is None else self.moment(shown.due)
            blocks.append(Heading(f"{self.say(title)}: {due}"))
            blocks.append(Items(tuple(plain(self.say(each)) for each in reasons)))
        return blocks

    def _rules(self, history: Iterable[read.StoredEntry]) -> list[Block]:
        """Return the rows of decision tables that fired, with their reasons as the table gives them."""
        rows = tuple(
            (self.moment(entry.at), self.say(self.plan.title(event.item)), number, why)
            for entry in history
            for event in entry.events
            if isinstance(event, Decided)
            for number, why in _fired(self.plan, event, self.lang)
        )
        if not rows:
            return []
        head = tuple(
            self.say(each)
            for each in (text("paper.when"), text("paper.decision"), text("paper.rule"), text("paper.why"))
        )
        return [Heading(self.say(text("paper.rules"))), Table(head, rows)]

    def _step(self, told: cases.Told) -> tuple[str, str, tuple[str, ...]]:
        said = tuple(self.say(line.text) + (f"\n“{line.words}”" if line.words else "") for line in told.lines)
        return self.moment(told.at), self.say(told.who), said

    def _facts(self, rows: Iterable[tuple[Text, str]]) -> Facts:
        return Facts(tuple((self.say(name), value, False) for name, value in rows))

    def _paper(
        self, kind: str, title: Text | str, blocks: tuple[Block, ...], *, unit: str = "", under: str = ""
    ) -> Paper:
        issuer = unit or self.case.unit or self.case.dispatcher
        paper = Paper(
            lang=self.lang,
            title=self.say(title),
            under_title=under,
            issuer=self._unit(issuer),
            house=self.say(text("paper.house")),
            number="",
            made=self.say(text("paper.made", day=when.dated_day(when.now()))),
            page=self.say(text("paper.page")).replace("[", "{").replace("]", "}"),
            blocks=blocks,
            seal=self.say(text("seal.settled")) if self.case.status == "settled" else "",
            mark=self.say(text("paper.demo")) if viewers.demo() else "",
        )
        number = papers.register(door.office(), self.case.id, kind, issuer, paper.digest())
        address = self.request.build_absolute_uri(reverse("verify", args=(self.lang, number)))
        verify = Verify(self.say(text("paper.verify")), address, _qr(address))
        return msgspec.structs.replace(paper, number=number, verify=verify)

    def _unit(self, unit: str) -> str:
        return self.say(door.directory().name(unit) or text("now.nobody_yet"))

    def say(self, value: object) -> str:
        """Return something in the language of the paper."""
        if isinstance(value, Text):
            return value.in_language(self.lang)
        return "" if value is None else str(value)

    def moment(self, instant: int) -> str:
        """Return an instant with its year: a paper outlives it."""
        return when.dated(instant, self.lang)


def notice_words(document: str, lang: str) -> tuple[str, str, str]:
    """Return title, number and body of a notice in a language; it was filed with both, one after the other."""
    parts = document.split("\n\n---\n\n")
    half = parts[0] if lang == "zh" or len(parts) < 2 else "\n\n---\n\n".join(parts[1:])
    title, _, rest = half.partition("\n\n")
    number, _, body = rest.partition("\n\n")
    return title.removeprefix("#").strip(), number.strip(), body


def _fired(plan: Plan, event: Decided, lang: str) -> list[tuple[str, str]]:
    table = plan.tables.get(event.table)
    if table is None:
        return []
    found = {rule.number: rule for rule in table.rules.rules}
    fired: list[tuple[str, str]] = []
    for number in event.rules:
        rule = found.get(number) or table.rules.otherwise
        notes = "\n".join(note.in_language(lang) for note in rule.notes.values()) if rule else ""
        fired.append((str(number) if number else "–", notes or _outputs(event.outputs)))
    return fired


def _outputs(outputs: dict[str, Any]) -> str:
    return "\n".join(f"{name} = {value}" for name, value in outputs.items())


def _qr(address: str) -> str:
    target = io.BytesIO()
    segno.make(address, error="m").save(target, kind="svg", xmldecl=False, svgns=True, border=1, nl=False)
    return target.getvalue().decode()
