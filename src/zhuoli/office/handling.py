"""One transaction at work: each request is decided by the core, sealed, and added to what will be written."""

from __future__ import annotations

import msgspec

from zhuoli.core.case.booking import ANY_SLOT
from zhuoli.core.case.commands import AnyCommand, Merge, Open, Refer
from zhuoli.core.case.decide import advance
from zhuoli.core.case.events import AnyEvent, Attached, Decided, Erased, Event, Recorded
from zhuoli.core.case.evolve import evolve_entry, put_sealed
from zhuoli.core.case.facts import Actor, Facts, OtherCase
from zhuoli.core.case.plan import Plan
from zhuoli.core.case.proofs import ANY_PROOF
from zhuoli.core.case.refusals import Refusal
from zhuoli.core.case.state import OPEN_STATUS, Case
from zhuoli.core.text import Text
from zhuoli.office import references
from zhuoli.office.access import require_command
from zhuoli.office.earlier_cases import earlier_cases
from zhuoli.office.errors import Conflict, KeyReused, OfficeError, UnknownCase
from zhuoli.office.parts import Parts
from zhuoli.office.requests import Handled, Request
from zhuoli.office.sealed import brought_in_alone, changes_since
from zhuoli.office.slots import OfficeSlots
from zhuoli.office.stories import is_story
from zhuoli.office.telling import tellings
from zhuoli.office.words import tells_anew, words_of
from zhuoli.store.append import Work, everyone_erased
from zhuoli.store.codec import comes_back, decode_events, encode_actor, encode_events
from zhuoli.store.keys import CASE
from zhuoli.store.records import NewEntry
from zhuoli.store.sealing import parties, seal


class Handling:
    """The handling of requests within one transaction."""

    def __init__(self, office: Parts, store: Work) -> None:
        self.office = office
        self.store = store
        self._new_versions: set[str] = set()
        self._gone_files: list[str] = []

    def run_all(self, requests: list[Request]) -> list[Handled]:
        """Handle requests in their order; a request whose key came before is answered with the same result."""
        taken = self.store.all_taken([request.key for request in requests])
        self.store.load_all(request.case for request in requests if request.case is not None)
        results: list[Handled] = []
        first: dict[str, int] = {}
        for number, request in enumerate(requests):
            try:
                before = first.setdefault(request.key, number)
                if before != number:
                    if self.office.digest(requests[before]) != self.office.digest(request):
                        raise KeyReused(request.key)
                    results.append(msgspec.structs.replace(results[before], repeated=True))
                elif request.key in taken:
                    results.append(self.office.repeat(request, taken[request.key]))
                else:
                    results.append(self.run(request))
            except (Refusal, OfficeError) as error:
                error.add_note(f"request {number}")
                raise
        return results

    def run(self, request: Request) -> Handled:
        """Decide one request and add its entry to the work."""
        command = request.command
        require_command(
            request.actor,
            command.__struct_config__.tag,  # type: ignore[arg-type]
            command.channel if isinstance(command, Open) else "",
        )
        if isinstance(request.command, Open):
            return self._open(request, request.command)
        stored = self.store.load(request.case) if request.case is not None else None
        if stored is None:
            raise UnknownCase(request.case)
        case = stored.state
        plan = self.office.library.pinned(case.version, case.scenario)
        seen = request.expected_seq
        if seen is not None and seen != case.seq and not brought_in_alone(case.id, seen, self.office.alias):
            changes = changes_since(case.id, seen, plan, self.office.directory, self.office.alias)
            raise Conflict(case.id, seen, case.seq, changes)
        at = max(self._now(request), stored.recorded)
        return self._advance(request, request.command, plan, case, at)

    def committed(self) -> None:
        """Do what may only be done once the transaction is durable."""
        self.store.committed()
        self.office.stored_versions.update(self._new_versions)
        self.office.files.remove(self._gone_files)

    def _open(self, request: Request, command: Open) -> Handled:
        plan = self.office.library.current(request.scenario)
        if not command.receipt:
            command = msgspec.structs.replace(command, receipt=self.office.draw_receipt())
        at = self._now(request)
        handled = self._advance(request, command, plan, Case(id=self.office.numbers.next(at)), at)
        scenario = plan.scenario
        if scenario.version not in self.office.stored_versions and scenario.version not in self._new_versions:
            archive = self.office.library.archive(plan)
            self.store.add_scenario(scenario.version, scenario.scenario, archive, at)
            self._new_versions.add(scenario.version)
        code, hashed = self.office.receipts.made(request.key, command.receipt)
        self.store.add_receipt(command.receipt, handled.case, hashed, at)
        return msgspec.structs.replace(handled, code=code)

    def _advance(self, request: Request, command: AnyCommand, plan: Plan, case: Case, at: int) -> Handled:
        if isinstance(command, Refer):
            command = references.named(command)
        facts = Facts(
            now=at,
            actor=request.actor,
            calendar=self.office.calendar,
            directory=self.office.directory,
            other=self._other(command) if isinstance(command, Merge) else None,
            earlier=earlier_cases(self.store),
            slots=ANY_SLOT
            if is_story(case.id)
            else OfficeSlots(self.store, self.office.calendar, at, self.office.alias),
            signing=ANY_PROOF if is_story(case.id) else self.office.signing.within(self.store, case),
        )
        events, after = advance(plan, case, command, facts)
        self._take_up_files(events, case, request.actor)
        sealed = self._seal(events, case)
        text = encode_events(sealed)
        stored_events: tuple[AnyEvent, ...] = tuple(sealed)  # type: ignore[arg-type]
        # The state follows from what is in the ledger, to the last value, so that replay finds the same.
        if not _come_back(sealed):
            stored_events = decode_events(text)
            after = evolve_entry(case, stored_events, at)
        elif sealed is not events:
            put_sealed(after, sealed)
        self.store.add(
            NewEntry(
                state=after,
                recorded=at,
                actor=encode_actor(request.actor),
                command=command.__struct_config__.tag,  # type: ignore[arg-type]
                key=request.key,
                digest=self.office.digest(request),
                events=text,
            )
        )
        if tells_anew(case, after):
            self.store.put_words(case.id, words_of(plan, after, self.office.directory))
        for number, telling in enumerate(tellings(plan, after, events, staff=self.office.tells_staff)):
            key = f"tell:{case.id}:{after.seq}:{number}"
            self.store.tell(key, case.id, telling.party, telling.unit, telling.about, at)
        for event in events:
            if type(event) is Erased:
                self._erase(after, event.party)
        return Handled(case=case.id, seq=after.seq, events=stored_events, state=after)

    def _now(self, request: Request) -> int:
        return request.at if request.at is not None else self.office.clock()

    def _other(self, command: Merge) -> OtherCase | None:
        stored = self.store.load(command.into)
        if stored is None:
            return None
        other = stored.state
        return OtherCase(
            id=other.id,
            scenario=other.scenario,
            open=other.status in OPEN_STATUS,
            merged=other.status == "merged",
        )

    def _seal(self, events: list[Event], case: Case) -> list[Event]:
        needed = parties(events)
        if not needed:
            return events
        gone = needed.intersection(case.erased)
        if gone:
            raise Refusal(
                "party_erased",
                Text(
                    "这位当事人的个人信息已经删除，不能再写入。",
                    "This person's data were erased; nothing new can be written.",
                ),
                Text("需要时请另立一件。", "Raise a new matter if there is need."),
            )
        keys = self.store.keys(case, needed, fresh=not case.opened)
        return seal(events, keys.__getitem__)

    def _take_up_files(self, events: list[Event], case: Case, actor: Actor) -> None:
        wanted = [event.file for event in events if type(event) is Attached]
        if not wanted:
            return
        party = actor.party if actor.kind == "party" else CASE
        found = self.store.files(wanted)
        for file in wanted:
            row = found.get(file)
            if row is None or row.case not in (None, case.id):
                raise Refusal(
                    "unknown_file",
                    Text(
                        "附件不存在，或已属于另一件事。",
                        "There is no such file, or it belongs to another case.",
                    ),
                    Text("请重新上传。", "Upload it again."),
                )
            if row.case is None:
                owner = row.party or party
                key = self.store.keys(case, {owner}, fresh=not case.opened)[owner]
                self.store.take_up_file(file, case.id, owner, self.office.files.take_up(row, key))

    def _erase(self, after: Case, party: str) -> None:
        gone = {party, CASE} if everyone_erased(after) else {party}
        for each in gone:
            self._gone_files += self.store.files_of(after.id, each)
            self.store.destroy_key(after.id, each)


def _come_back(events: list[Event]) -> bool:
    """Whether the events, written as JSON, come back exactly as they are: only untyped values could differ."""
    for event in events:
        kind = type(event)
        if kind is Recorded:
            if not comes_back(event.answers.values()):  # type: ignore[attr-defined]
                return False
        elif kind is Decided and not comes_back(event.outputs.values()):  # type: ignore[attr-defined]
            return False
    return True
