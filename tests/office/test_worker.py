"""What falls due is done at least once, and has its effect exactly once, whoever dies on the way."""

from __future__ import annotations

import threading

import pytest
from django.db import connections
from tests.core.case.lamp import DAY, MINUTE
from tests.store.databases import PHONE, TestOffice, in_threads, make_office, scenario

from zhuoli.capabilities import REGISTRY
from zhuoli.core.case import commands as c
from zhuoli.core.case.events import Completed, Escalated, Passed, Reminded, ServiceFailed
from zhuoli.core.case.examples import ExampleDirectory
from zhuoli.core.scenario import model as m
from zhuoli.core.scenario.capabilities import CAPABILITIES
from zhuoli.office import outbox, read
from zhuoli.office.handle import Handled
from zhuoli.office.worker import Done, Job, JobFailed, Result, Worker
from zhuoli.store.models import WakeRecord
from zhuoli.store.replay import replay
from zhuoli.store.verify import verify

LEASE = 60_000


def wakes(office: TestOffice) -> dict[str, WakeRecord]:
    return {wake.key: wake for wake in WakeRecord.objects.using(office.alias)}


def events(office: TestOffice, case: Handled, kind: type) -> list[object]:
    return [
        event
        for entry in read.history(case.case, office.alias)
        for event in entry.events
        if isinstance(event, kind)
    ]


def mended(office: TestOffice) -> Handled:
    """A case in which the service task ``tell`` is due."""
    case = office.open()
    office.do(case, c.Accept())
    office.do(case, c.Complete(task="look", outcome="broken"))
    return office.do(case, c.Complete(task="mend", outcome="bulb", answers={"hours": 1}))


def tell(job: Job) -> Result:
    return Result(values={"sent": 1})


def worker(office: TestOffice, name: str = "w1", **capabilities: object) -> Worker:
    return Worker(office, {"notify": tell, **capabilities}, name=name, lease=LEASE)


def sound(office: TestOffice) -> None:
    assert replay(office.alias).equal
    assert verify(None, office.clock(), office.alias).good


def test_a_clock_speaks_when_its_time_has_come(office: TestOffice) -> None:
    case = office.open()
    hand = worker(office)
    assert hand.run_once() == Done()
    office.clock.now = wakes(office)["clock:loop.accept"].at
    assert hand.run_once() == Done(fired=1)
    assert len(events(office, case, Reminded)) == 1
    assert hand.run_once() == Done()
    office.clock.now += 40 * DAY
    while hand.run_once().total:
        pass
    assert [event.limit for event in events(office, case, Passed)] == ["promised"]
    sound(office)


def test_a_worker_decides_by_the_directory_of_the_moment(office: TestOffice) -> None:
    asked: list[str] = []

    class Changed(ExampleDirectory):
        def superior(self, unit: str) -> str | None:
            asked.append(unit)
            return super().superior(unit)

    changed = Changed()
    case = office.open()
    office.do(case, c.Accept())
    office.clock.now += 40 * DAY
    hand = Worker(office, {}, current=lambda now: changed if now >= office.clock.now else office.directory)
    while hand.run_once().total:
        pass
    assert office.directory is changed
    assert events(office, case, Escalated)
    assert asked
    sound(office)


def test_every_clock_of_a_case_speaks_in_its_turn(office: TestOffice) -> None:
    case = office.open()
    office.do(case, c.Accept())
    hand = worker(office)
    for _ in range(60):
        office.clock.now += DAY
        hand.run_once()
    limits = [(event.clock, event.limit) for event in events(office, case, Passed)]
    assert [limit for clock, limit in limits if clock == "case"] == ["promised", "statutory"]
    assert len(limits) == len(set(limits))
    sound(office)


def test_a_service_task_is_carried_out(office: TestOffice) -> None:
    case = mended(office)
    seen: list[Job] = []

    def listen(job: Job) -> Result:
        seen.append(job)
        return Result(values={"sent": 3})

    assert worker(office, notify=listen).run_once() == Done(served=1)
    (job,) = seen
    assert (job.task, job.run, job.attempt, job.key) == ("tell", 1, 1, f"{case.case}:tell:1")
    assert job.case.personal["form.phone"].value != PHONE
    state = read.load_state(case.case, office.alias)
    assert state.items["tell"].state == "completed"
    assert state.answers["tell.sent"] == 3
    assert "tell" not in wakes(office)
    sound(office)


def test_failures_are_tried_again_later_and_then_given_to_a_person(office: TestOffice) -> None:
    case = mended(office)

    def fail(job: Job) -> Result:
        if job.attempt == 1:
            raise JobFailed("the channel is down")
        raise ValueError(PHONE)

    hand = worker(office, notify=fail)
    assert hand.run_once() == Done(failed=1)
    retry = wakes(office)["tell"].at
    assert retry > office.clock()
    assert hand.run_once() == Done()
    office.clock.now = retry
    assert hand.run_once() == Done(failed=1)
    errors = [event.error for event in events(office, case, ServiceFailed)]
    assert errors == ["the channel is down", "ValueError"]
    assert "tell" not in wakes(office)
    assert "loop.repair:tell" in read.load_state(case.case, office.alias).items
    sound(office)


def test_an_unknown_capability_is_a_failure_that_says_so(office: TestOffice) -> None:
    case = mended(office)
    assert Worker(office, {}, name="w").run_once() == Done(failed=1)
    assert events(office, case, ServiceFailed)[0].error == "no capability notify"


def test_a_killed_workers_lease_runs_out(office: TestOffice) -> None:
    case = mended(office)
    (taken,) = worker(office, "killed").take()
    assert (taken.case_id, taken.key) == (case.case, "tell")
    other = worker(office, "other")
    assert other.run_once() == Done()
    office.clock.now += LEASE - 1
    assert other.run_once() == Done()
    office.clock.now += 1
    assert other.run_once() == Done(served=1)
    sound(office)


def test_a_worker_that_was_only_slow_changes_nothing_twice(office: TestOffice) -> None:
    """Its lease ran out while it worked; another one did the same; both report."""
    case = mended(office)
    calls: list[str] = []

    def slow(job: Job) -> Result:
        calls.append("slow")
        office.clock.now += LEASE
        assert worker(office, "quick", notify=quick).run_once() == Done(served=1)
        return Result(values={"sent": 1})

    def quick(job: Job) -> Result:
        calls.append("quick")
        return Result(values={"sent": 1})

    worker(office, "slow", notify=slow).run_once()
    assert calls == ["slow", "quick"]
    done = [event for event in events(office, case, Completed) if event.item == "tell"]
    assert len(done) == 1
    sound(office)


def test_a_report_that_was_lost_on_its_way_back_is_not_repeated(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after the commit and before anything else: the wake row went with the commit."""
    case = mended(office)
    hand = worker(office)
    real = office.handle

    def handle_and_die(request: object) -> Handled:
        real(request)
        raise KeyboardInterrupt

    monkeypatch.setattr(office, "handle", handle_and_die)
    with pytest.raises(KeyboardInterrupt):
        hand.run_once()
    monkeypatch.undo()
    office.clock.now += LEASE
    assert hand.run_once() == Done()
    assert len([event for event in events(office, case, Completed) if event.item == "tell"]) == 1


def test_what_goes_wrong_outside_is_put_off_twice_as_long_each_time(
    office: TestOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    mended(office)
    hand = worker(office)

    def broken(request: object) -> Handled:
        raise OSError("disk full")

    monkeypatch.setattr(office, "handle", broken)
    waits = []
    for _ in range(4):
        assert hand.run_once() == Done(put_off=1)
        wake = wakes(office)["tell"]
        waits.append(wake.lease_until - office.clock())
        assert hand.run_once() == Done()
        office.clock.now = wake.lease_until
    assert waits == [1000, 2000, 4000, 8000]
    monkeypatch.undo()
    assert hand.run_once() == Done(served=1)
    sound(office)


def test_one_bad_case_does_not_hold_up_the_others(office: TestOffice) -> None:
    bad, good = mended(office), mended(office)

    def picky(job: Job) -> Result:
        if job.case.id == bad.case:
            raise RuntimeError
        return Result(values={"sent": 1})

    assert worker(office, notify=picky).run_once() == Done(served=1, failed=1)
    assert read.load_state(good.case, office.alias).items["tell"].state == "completed"


def test_many_workers_share_the_work(office: TestOffice) -> None:
    cases = [mended(office) for _ in range(24)]
    done: list[int] = []
    lock = threading.Lock()

    def count(job: Job) -> Result:
        with lock:
            done.append(job.case.id)
        return Result(values={"sent": 1})

    def work(number: int) -> int:
        hand = Worker(office, {"notify": count}, name=f"w{number}", lease=LEASE, batch=3)
        total = 0
        for _ in range(40):
            total += hand.run_once().served
        return total

    results = in_threads(3, work, office.alias)
    assert sum(results) == 24, results
    assert sorted(done) == sorted(case.case for case in cases)
    sound(office)


def test_workers_on_postgresql_do_not_wait_for_each_other(office: TestOffice) -> None:
    from django.db import transaction

    if connections[office.alias].vendor == "sqlite":
        pytest.skip("SQLite has one writer")
    mended(office)
    mended(office)
    taken: list[object] = []
    with transaction.atomic(using=office.alias):
        list(WakeRecord.objects.using(office.alias).filter(key="tell").order_by("at")[:1].select_for_update())
        (result,) = in_threads(1, lambda n: worker(office, "free").take(), office.alias)
        taken += result
    assert len(taken) == 1


def test_it_works_until_it_is_told_to_stop(office: TestOffice) -> None:
    cases = [mended(office) for _ in range(3)]
    stop = threading.Event()

    def last(job: Job) -> Result:
        if job.case.id == cases[-1].case:
            stop.set()
        return Result(values={"sent": 1})

    Worker(office, {"notify": last}, name="w", batch=1).run(stop, idle=0.01)
    assert all(read.load_state(case.case, office.alias).items["tell"].state == "completed" for case in cases)


# --- capabilities --------------------------------------------------------------------------------------


def test_every_capability_of_the_manifest_is_there() -> None:
    assert REGISTRY.keys() == CAPABILITIES.keys()


def telling(call: str) -> m.Scenario:
    base = scenario()
    repair = base.stages["repair"]
    import msgspec

    task = msgspec.structs.replace(
        repair.service_tasks["tell"], call=call, give={"notice": "told", "to": "requester"}
    )
    return msgspec.structs.replace(
        base,
        version=f"v-{call}",
        stages={"repair": msgspec.structs.replace(repair, service_tasks={"tell": task})},
    )


def test_a_message_is_put_into_the_outbox(office: TestOffice) -> None:
    office = make_office(office.alias, office.files.folder.parent, telling("notify"))
    case = mended(office)
    assert Worker(office, REGISTRY).run_once().served == 1
    (message,) = outbox.messages(office, case.case, "p-requester")
    assert case.state.receipt in message.body.zh
    assert "lamps@620102" in message.body.en
    assert PHONE in message.body.zh
    (look,) = read.looks(case.case, now=office.clock(), alias=office.alias)
    assert (look.actor.kind, look.purpose, look.fields) == ("system", "notice:told", ("form.phone",))
    assert read.load_state(case.case, office.alias).answers["tell.sent"] == 1


def test_a_document_is_filed_and_numbered(office: TestOffice) -> None:
    office = make_office(office.alias, office.files.folder.parent, telling("notice.issue"))
    case = mended(office)
    assert Worker(office, REGISTRY).run_once().served == 1
    state = read.load_state(case.case, office.alias)
    (file,) = state.files
    text = b"".join(office.files.read(file, case.case)).decode()
    number = state.answers["tell.number"]
    assert number == f"{state.receipt}-01"
    assert number in text
    assert PHONE in text
    assert "street" in text
    # It holds data of the party, so it goes when the party's data are erased.
    from zhuoli.store.models import FileRecord

    assert FileRecord.objects.using(office.alias).get(file=file).party == "p-requester"
    sound(office)


def test_a_notice_to_one_party_tells_nothing_of_another(office: TestOffice) -> None:
    import msgspec

    base = telling("notify")
    repair = base.stages["repair"]
    task = msgspec.structs.replace(repair.service_tasks["tell"], give={"notice": "told", "to": "witness"})
    other = msgspec.structs.replace(
        base, version="v-w", stages={"repair": msgspec.structs.replace(repair, service_tasks={"tell": task})}
    )
    office = make_office(office.alias, office.files.folder.parent, other)
    case = office.open(parties={"requester": "p-requester", "witness": "p-witness"})
    office.do(case, c.Accept())
    office.do(case, c.Complete(task="look", outcome="broken"))
    office.do(case, c.Complete(task="mend", outcome="bulb", answers={"hours": 1}))
    office.clock.now += MINUTE
    Worker(office, REGISTRY).run_once()
    (message,) = outbox.messages(office, case.case, "p-witness")
    assert PHONE not in message.body.zh
    assert "withheld" in message.body.en
