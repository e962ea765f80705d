"""Messages and the links in them: who is told what and when, and what a link can and cannot do."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from tests.web.site import BUREAU, DISPATCHER, Clock, Visitor, open_need, picture
from tests.web.test_accident import STATEMENT
from tests.web.test_accident import report as accident

from zhuoli.capabilities import REGISTRY
from zhuoli.channels.messages import sender as sending
from zhuoli.channels.messages.links import GOOD_FOR, make_token, open_link
from zhuoli.channels.messages.sender import BACKOFF, STALE, Sender, Sent, daytime
from zhuoli.channels.messages.settings import BadChannels, Channels, People, read_channels
from zhuoli.core.case.state import Case
from zhuoli.core.worktime import local
from zhuoli.office import outbox, read
from zhuoli.office.access import link_permits
from zhuoli.office.worker import Worker
from zhuoli.store.models import AttemptRecord, CaseRecord, EntryRecord, OutboxRecord
from zhuoli.web import door

HOUR = 3_600_000
TOLD = {
    **STATEMENT,
    "a_situation": "rear_end",
    "a_acting": "a",
    "a_hit": "front",
    "a_story": "Too late.",
    "a_name": "Zhang",
}
PHONE = {"a_contact": "phone", "a_name": "Wang", "a_phone": "13909310000"}
CHANNELS = Channels(people=People(sms="json://127.0.0.1:1/{to}"), staff={"*": ("json://127.0.0.1:1/staff",)})


class Post:
    """A channel that keeps what it was given, and fails when told to."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []
        self.works = True

    def __call__(self, url: str, title: str, body: str) -> bool:
        if self.works:
            self.said.append((url, body))
        return self.works


@pytest.fixture
def post() -> Post:
    return Post()


def hand(post: Post, channels: Channels = CHANNELS, **more: Any) -> Sender:
    return Sender(door.office(), channels, address="https://zhuoli.example", send=post, **more)


def need(visitor: Visitor, lang: str = "en", **changes: Any) -> tuple[str, int]:
    """A need of somebody who wants to be told by telephone: first the choice, then the number that depends on it."""
    visitor.get(f"/{lang}/matters/public_need/form/").send("", a_contact="phone", _again="more")
    answers = {
        "a_danger": "none",
        "a_story": "The lamp before the school has been dark for a week.",
        "a_category": "road_lighting",
        "a_hurt": "no",
        "a_place": ["620100000000", "620102000000", "620102001000"],
        **PHONE,
        **changes,
    }
    visitor.send("", **answers)
    assert visitor.path.endswith("/receipt/"), visitor.text
    return visitor.path.split("/")[3], CaseRecord.objects.get().id


def work() -> None:
    worker = Worker(door.office(), REGISTRY)
    while worker.run_once().served:
        pass


def answered(visitor: Visitor, clock: Clock, lang: str = "en") -> tuple[str, int]:
    """A need that was answered."""
    receipt, case = need(visitor, lang)
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    clock.pass_hours(1)
    officer.send("/accept/")
    officer.task("look").send(
        "/complete/", outcome="found", a_seen="Dark.", a_looked_on="2026-03-04", a_still_dangerous="no"
    )
    officer.task("handle").send("/complete/", outcome="solved", a_action="New bulb.", a_cause="broken")
    officer.task("tell").send("/complete/", outcome="told")
    officer.send("/close/", result="solved", answer="The lamp burns again.", files=picture())
    assert officer.status == 200, officer.text
    work()
    return receipt, case


def token_of(post: Post) -> str:
    found = re.findall(r"/m/([^/]+)/", post.said[-1][1])
    assert len(found) == 1, post.said
    return str(found[0])


def outcomes() -> list[str]:
    return sorted(OutboxRecord.objects.values_list("outcome", flat=True))


# --- who is told what ------------------------------------------------------------------------------------


def test_one_message_with_nothing_of_the_person_in_it(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    receipt, case = answered(visitor, clock)
    assert hand(post).run_once().sent
    ((url, said),) = post.said
    assert url == "json://127.0.0.1:1/8613909310000"
    assert receipt[-4:] in said
    assert receipt not in said
    for word in ("Wang", "13909310000", "lamp", "street", str(case)):
        assert word not in said
    assert len(said) < 180
    assert said.startswith("Zhuoli: your matter")
    # The receipt of acceptance, the notice of the answer and the question itself were one message.
    assert outcomes().count("sent") == 1
    assert outcomes().count("merged") == 2
    assert hand(post).run_once() == Sent()
    attempt = AttemptRecord.objects.get()
    assert (attempt.channel, attempt.to, attempt.ok) == ("sms", "139****0000", True)
    visitor.get(f"/en/my/{receipt}/looks/")
    assert "to send you a message" in visitor.text


def test_the_language_is_that_in_which_the_matter_was_raised(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    answered(visitor, clock, "zh")
    hand(post).run_once()
    assert "您的事项" in post.said[0][1]
    assert "/zh/m/" in post.said[0][1]


def test_who_gave_no_number_is_not_told_and_who_wants_nothing_neither(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/").send("/accept/")
    work()
    hand(post).run_once()
    assert post.said == []
    assert outcomes() == ["no_address"]


def test_a_person_can_say_no_and_choose_the_language(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    receipt, case = need(visitor)
    visitor.get(f"/en/my/{receipt}/messages/").send("/messages/", language="zh", told=[])
    assert "Noted" in visitor.text
    Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/").send("/accept/")
    work()
    hand(post).run_once()
    assert (post.said, outcomes()) == ([], ["unwanted"])


def test_quiet_hours_and_what_is_urgent(visitor: Visitor, clock: Clock, demo: None, post: Post) -> None:
    answered(visitor, clock)
    clock.now = daytime(clock.now) + 10 * HOUR
    assert local(clock.now).hour >= sending.EVENING
    assert hand(post).run_once().put_off
    assert post.said == []
    clock.pass_hours(9)
    assert local(clock.now).hour < sending.MORNING
    hand(post).run_once()
    assert post.said == []
    clock.pass_hours(3)
    assert hand(post).run_once().sent
    noon = clock.now
    for hour in range(24):
        at = noon + hour * HOUR
        assert sending.MORNING <= local(daytime(at)).hour < sending.EVENING
        assert 0 <= daytime(at) - at <= 11 * HOUR


def test_not_too_often(visitor: Visitor, clock: Clock, demo: None, post: Post) -> None:
    _, case = answered(visitor, clock)
    hand(post).run_once()
    party = OutboxRecord.objects.filter(outcome="sent").get().party
    for number in range(8):
        OutboxRecord.objects.create(
            key=f"more-{number}", case_id=case, party=party, unit="", notice="", title="", body="",
            made=clock.now, about="notice answer x",
        )  # fmt: skip
        hand(post).run_once()
        clock.pass_hours(0.2)
    assert len(post.said) <= sending.MOST_A_DAY
    times = sorted(AttemptRecord.objects.values_list("at", flat=True))
    assert all(later - sooner >= sending.APART for sooner, later in pairwise(times))


def asked_at_the_roadside(visitor: Visitor, clock: Clock, hour: int = 10) -> Case:
    """An accident whose two sides are asked for their statements, at an hour of the day (Asia/Shanghai)."""
    clock.pass_hours(hour - local(clock.now).hour)
    case = accident(visitor)
    work()
    return door.load(case.id)


def about_of(case: Case, token: str) -> str:
    """What the message was about whose link this is."""
    (number,) = {
        record.about for record in OutboxRecord.objects.filter(case_id=case.id)
        if make_token(door.office(), record) == token
    }  # fmt: skip
    return number


def test_the_second_side_is_led_to_what_is_asked_of_it(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    """What waits together is one message: about the statement, not about what one merely may ask for; its page leads to the rest."""
    case = asked_at_the_roadside(visitor, clock)
    hand(post).run_once()
    said = {url[-4:]: body for url, body in post.said}
    assert len(post.said) == 2, "one message to each side"
    token = re.findall(r"/m/([^/]+)/", said["0062"])[0]
    assert about_of(case, token) == "task second_says 1"
    page = Visitor().get(f"/zh/m/{token}/")
    for words in ("这件事里还有您的", "您的权利", "要求民警到现场"):
        assert words in page.text
    onward = set(re.findall(r'href="/zh/m/([^/"]+)/"', page.html))
    assert {about_of(case, each).rpartition(" ")[0] for each in onward} == {
        "task second_asks",
        "notice rights",
    }
    for each in onward:
        assert page.get(f"/zh/m/{each}/").status == 200
    # A paper is easily passed on: its link leads nowhere else. Nor does the link of the first side lead to the second's.
    rights = next(each for each in onward if about_of(case, each).startswith("notice"))
    assert "这件事里还有您的" not in page.get(f"/zh/m/{rights}/").text
    first = re.findall(r"/m/([^/]+)/", said["0061"])[0]
    assert not onward & set(re.findall(r'href="/zh/m/([^/"]+)/"', Visitor().get(f"/zh/m/{first}/").html))
    # Done, it leads on for a day, then not any more.
    page.get(f"/zh/m/{token}/").task("second_says").send("/complete/", **TOLD)
    assert "谢谢" in page.text
    assert "这件事里还有您的" in page.text
    assert "用回执号查" not in page.text, "the second side has no receipt"
    clock.pass_hours(25)
    assert "这件事里还有您的" not in Visitor().get(f"/zh/m/{token}/").text


def test_who_stands_at_the_roadside_is_told_at_once(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    case = asked_at_the_roadside(visitor, clock, hour=23)
    assert local(clock.now).hour >= sending.EVENING
    hand(post).run_once()
    assert len(post.said) == 2, "a statement is promised within half an hour: at any hour"
    token = next(re.findall(r"/m/([^/]+)/", body)[0] for url, body in post.said if url.endswith("0062"))
    Visitor().get(f"/zh/m/{token}/").task("second_says").send("/complete/", **TOLD)
    OutboxRecord.objects.create(
        key="next", case_id=case.id, party=case.parties["other"], unit="", notice="", title="", body="",
        made=clock.now, about="notice rights x",
    )  # fmt: skip
    clock.pass_hours(1 / 60)
    assert hand(post).run_once().sent, "whoever has just done something is awake, and waits for what comes"
    OutboxRecord.objects.filter(key="next").update(ended=None, sent=None, outcome="", lease_until=0)
    clock.pass_hours(2)
    assert hand(post).run_once().put_off


def test_nobody_waits_until_tomorrow_for_what_is_decided_now(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    """Five messages a day are enough of news; whoever has just done something in the matter still gets what follows."""
    case = asked_at_the_roadside(visitor, clock)
    other = case.parties["other"]
    hand(post).run_once()
    token = next(re.findall(r"/m/([^/]+)/", body)[0] for url, body in post.said if url.endswith("0062"))
    Visitor().get(f"/zh/m/{token}/").task("second_says").send("/complete/", **TOLD)
    post.said.clear()
    for number in range(2 * sending.MOST_WAITED_FOR):
        OutboxRecord.objects.create(
            key=f"more-{number}", case_id=case.id, party=other, unit="", notice="", title="", body="",
            made=clock.now, about="notice rights x",
        )  # fmt: skip
        clock.pass_hours(1 / 60)
        hand(post).run_once()
    said = sum(url.endswith("0062") for url, _ in post.said)
    assert sending.MOST_A_DAY < said < sending.MOST_WAITED_FOR


def test_a_code_does_not_wait_behind_the_news_of_others(
    visitor: Visitor, clock: Clock, demo: None, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = asked_at_the_roadside(visitor, clock)
    for number in range(sending.BATCH + 5):
        OutboxRecord.objects.create(
            key=f"news-{number}", case_id=case.id, party="", unit=f"u{number}", notice="", title="", body="",
            made=clock.now, about="new",
        )  # fmt: skip
    OutboxRecord.objects.create(
        key="code 1", case_id=case.id, party=case.parties["other"], unit="", notice="", title="", body="",
        made=clock.now, about="code 1",
    )  # fmt: skip
    monkeypatch.setattr("zhuoli.office.one_time_codes.OneTimeCodes.code", lambda *_: "123456")
    monkeypatch.setattr(sending, "MOST_A_MINUTE", 0)
    hand(post).run_once()
    ((_, said),) = post.said
    assert "123456" in said


def test_a_channel_that_fails_is_tried_again_and_then_a_person_is_asked(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    receipt, case = answered(visitor, clock)
    post.works = False
    for _ in range(len(BACKOFF) + 1):
        assert hand(post).run_once().failed
        assert not hand(post).run_once().total
        later = OutboxRecord.objects.filter(ended__isnull=True).first()
        clock.now = daytime(later.not_before) if later else clock.now
    assert set(outcomes()) == {"failed"}
    assert AttemptRecord.objects.filter(ok=False).count() == len(BACKOFF) + 1
    officer = Visitor().be(BUREAU).get("/en/desk/messages/")
    assert receipt in officer.text
    assert receipt not in Visitor().be("urban-620103/officer").get("/en/desk/messages/").text
    menu = Visitor().be(BUREAU).get("/en/desk/")
    assert re.search(r'href="/en/desk/messages/"[^>]*>To call <span class="tag high">1</span>', menu.html)
    assert "/desk/messages/" not in Visitor().be("urban-620103/officer").get("/en/desk/").html
    (action,) = {form.action for form in officer.forms if "/desk/messages/" in form.action}
    assert officer.send(action).status == 422, "whether they were reached must be said"
    officer.send(action, reached="no", words="No answer at noon.")
    assert "it stays on the list" in officer.text
    assert set(outcomes()) == {"failed"}
    clock.pass_hours(1)
    late = Visitor().be(BUREAU).get("/en/desk/messages/")
    officer.send(action, reached="yes", words="She knows that the lamp burns again.")
    assert "taken off the list" in officer.text
    assert "Nobody" in officer.text
    assert set(outcomes()) == {"by_hand"}
    assert set(OutboxRecord.objects.values_list("ended", flat=True)) == {clock.now}
    story = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/").text
    assert "No answer at noon." in story
    assert "She knows that the lamp burns again." in story
    assert late.send(action, reached="yes").status == 404, "somebody was quicker"
    assert "To call" not in Visitor().be(BUREAU).get("/en/desk/").text
    admin = Visitor().be("psb-620102/administrator").get("/en/desk/admin/")
    assert 'href="/en/outbox/"' in admin.html
    assert "told by telephone" in admin.get("/en/outbox/").text


def test_a_case_that_nobody_answers_for_yet_is_called_by_the_dispatcher(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    _, case = answered(visitor, clock)
    OutboxRecord.objects.filter(case_id=case).exclude(party="").update(outcome="failed", ended=clock.now)
    unit, dispatcher = CaseRecord.objects.values_list("unit", "dispatcher").get(pk=case)
    assert (outbox.count_to_call(unit), outbox.count_to_call(dispatcher)) == (1, 0)
    CaseRecord.objects.filter(pk=case).update(unit="")
    assert (outbox.count_to_call(unit), outbox.count_to_call(dispatcher)) == (0, 1)


def test_what_was_done_meanwhile_is_not_asked_any_more_and_old_news_is_none(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    receipt, _ = answered(visitor, clock)
    OutboxRecord.objects.exclude(about__startswith="task").delete()
    visitor.get(f"/en/my/{receipt}/").send("/confirm/", score="5")
    assert hand(post).run_once() == Sent(dropped=1)
    assert (post.said, outcomes()) == ([], ["done"])
    OutboxRecord.objects.update(ended=None, outcome="", lease_until=0)
    clock.now += STALE + 1
    hand(post).run_once()
    assert (post.said, outcomes()) == ([], ["stale"])


def test_a_killed_sender_leaves_a_lease_that_runs_out(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    answered(visitor, clock)

    class Killed(BaseException):
        pass

    def dying(*_: str) -> bool:
        raise Killed

    with pytest.raises(Killed):
        Sender(door.office(), CHANNELS, send=dying).run_once()
    assert hand(post).run_once() == Sent()
    clock.now += sending.LEASE + 1
    assert hand(post).run_once().sent
    assert len(post.said) == 1


def test_units_are_told_where_the_operator_wants_it(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    door.office().tells_staff = True
    receipt, case = need(visitor)
    clock.pass_hours(30)
    visitor.get(f"/en/my/{receipt}/").send("/urge/", text="It is dark")
    hand(post).run_once()
    (said,) = {body for _, body in post.said}
    assert receipt in said
    assert f"/desk/cases/{case}/" in said
    assert "dark" not in said
    assert {record.about for record in OutboxRecord.objects.filter(party="")} == {"new", "urge"}


def test_nothing_is_queued_for_units_without_channels(visitor: Visitor) -> None:
    need(visitor)
    assert not OutboxRecord.objects.exists()


# --- the operator's file ----------------------------------------------------------------------------------


def test_a_real_channel_is_spoken_to(tmp_path: Path) -> None:
    heard: list[dict[str, Any]] = []

    class Ear(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200 if "139" in self.path else 500)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Ear)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    path = tmp_path / "channels.yaml"
    path.write_text(f"people:\n  sms: 'json://127.0.0.1:{server.server_port}/send/{{to}}'\n", "utf-8")
    channels = read_channels(path)
    try:
        assert sending.send(channels.person("sms", "8613900000000"), "T", "您的事项 *x* <b>\n第二行")
        assert not sending.send(channels.person("sms", "0"), "T", "x")
    finally:
        server.shutdown()
        server.server_close()
    assert heard[0]["message"] == "您的事项 *x* <b>\n第二行"


@pytest.mark.parametrize(
    "content",
    [
        "people: {sms: 'nonsense'}",
        "people: {sms: 'json://example.org/'}",
        "people: {fax: 'json://example.org/{to}'}",
        "staff: {'*': ['what://secret-token']}",
        "[1, 2]",
        "a: [",
    ],
)
def test_a_wrong_file_is_told_without_its_secrets(tmp_path: Path, content: str) -> None:
    path = tmp_path / "channels.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(BadChannels) as told:
        read_channels(path)
    assert "secret-token" not in told.value.text.zh + told.value.text.en
    with pytest.raises(BadChannels):
        read_channels(tmp_path / "not there.yaml")
    assert read_channels(None) == Channels()


# --- links ------------------------------------------------------------------------------------------------


@pytest.fixture
def linked(visitor: Visitor, clock: Clock, demo: None, post: Post) -> tuple[str, int, str]:
    """An answered need, and the token of the link that asks whether it is settled."""
    receipt, case = answered(visitor, clock)
    hand(post).run_once()
    return receipt, case, token_of(post)


def counted(case: int) -> tuple[int, int]:
    return EntryRecord.objects.filter(case_id=case).count(), OutboxRecord.objects.count()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_an_answer_by_link(linked: tuple[str, int, str], lang: str) -> None:
    receipt, case, token = linked
    person = Visitor().get(f"/{lang}/m/{token}/")
    assert person.status == 200
    assert "The lamp burns again." in person.text
    assert receipt not in person.html
    assert "Wang" not in person.html
    assert person.headers["Referrer-Policy"] == "same-origin", "no-referrer would have the answer refused"
    assert person.headers["Cache-Control"] == "no-store"
    assert "noindex" in person.headers["X-Robots-Tag"]
    person.send("/confirm/", score="5")
    assert {"zh": "谢谢", "en": "Thank you"}[lang] in person.text
    state = read.load_state(case)
    assert (state.status, CaseRecord.objects.get().score) == ("settled", 5)
    again = Visitor().get(f"/{lang}/m/{token}/")
    assert again.status == 200
    assert {"zh": "已经回复过", "en": "answered already"}[lang] in again.text
    assert not [form for form in again.forms if "/m/" in form.action]


def test_looking_changes_nothing_whoever_looks(linked: tuple[str, int, str]) -> None:
    """Mail scanners open every link, some of them every address that a page holds."""
    _, case, token = linked
    before = counted(case)
    scanner = Visitor()
    page = scanner.get(f"/en/m/{token}/").html
    for path in {f"/en/m/{token}/", *re.findall(r'(?:href|action)="(/en/m/[^"]+)"', page)}:
        scanner.client.get(path)
        scanner.client.head(path)
        scanner.client.post(path)
    assert counted(case) == before
    assert read.load_state(case).status == "closed"


def test_a_link_gives_no_more_than_the_answer(linked: tuple[str, int, str]) -> None:
    receipt, case, token = linked
    before = counted(case)
    person = Visitor().get(f"/en/m/{token}/")
    fields = dict(person.form("/confirm/").fields)
    for command in ("withdraw", "erase", "note", "supply", "attach", "request_review", "close", "nonsense"):
        answer = person.client.post(f"/en/m/{token}/{command}/", {**fields, "text": "x", "reason": "x"})
        assert answer.status_code == 400, command
    assert counted(case) == before
    assert person.client.get(f"/en/my/{receipt}/").status_code == 403
    assert link_permits("loop.confirm", "contest", "loop.confirm")
    assert not link_permits("loop.confirm", "contest", "other")
    assert link_permits("agree_measures", "complete", "agree_measures")
    assert not link_permits("agree_measures", "complete", "other")
    assert not link_permits("", "complete", "")


def test_a_contest_without_words_comes_back_with_what_is_missing(linked: tuple[str, int, str]) -> None:
    _, case, token = linked
    person = Visitor().get(f"/en/m/{token}/").send("/contest/")
    assert person.status == 422
    assert read.load_state(case).status == "closed"
    person.send("/contest/", reason="It went dark again the same night.")
    assert person.status == 200
    assert read.load_state(case).status == "accepted"


def test_tampered_and_foreign_tokens_open_nothing(linked: tuple[str, int, str]) -> None:
    _, _, token = linked
    record = OutboxRecord.objects.get(outcome="sent")
    other = OutboxRecord.objects.filter(outcome="merged").first()
    assert other is not None
    wrong = [token[:-1], token + "A", token.swapcase(), "x", "A" * len(token), "é" * 30, "=" * 30]
    wrong += [
        token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :] for place in range(28)
    ]
    wrong.append(make_token(door.office(), other)[:7] + token[7:])
    for each in wrong:
        try:
            found = open_link(door.office(), each)
        except Exception as error:  # noqa: BLE001
            pytest.fail(f"{each}: {error!r}")
        assert found is None, each
    assert Visitor().get(f"/en/m/{wrong[0]}/").status == 404
    record.party = "somebody else"
    assert make_token(door.office(), record) != token


def test_a_link_runs_out(linked: tuple[str, int, str], clock: Clock) -> None:
    _, case, token = linked
    clock.now += GOOD_FOR + 1
    person = Visitor().get(f"/en/m/{token}/")
    assert person.status == 410
    assert "has run out" in person.text
    answer = person.client.post(f"/en/m/{token}/confirm/", {"score": "5"})
    assert answer.status_code == 403  # no form was shown, so it has no key against foreign forms
    assert read.load_state(case).status == "closed"


def test_a_new_secret_ends_old_links(linked: tuple[str, int, str], clock: Clock) -> None:
    receipt, _, token = linked
    door.office().receipts.renew(receipt, clock.now)
    person = Visitor().get(f"/en/m/{token}/")
    assert person.status == 404
    assert "opens nothing" in person.text


def test_an_erased_party_has_no_links_and_no_messages(linked: tuple[str, int, str]) -> None:
    from zhuoli.store.append import Work
    from zhuoli.store.driver import open_driver

    _, case, token = linked
    office = door.office()
    driver = open_driver(office.alias)
    work = Work(driver, office.ring)
    driver.begin()
    work.load(case)
    work.destroy_key(case, read.load_state(case).parties["requester"])
    work.prepare()
    work.write()
    driver.commit()
    work.committed()
    assert Visitor().get(f"/en/m/{token}/").status == 404
    assert not OutboxRecord.objects.exclude(party="").exists()
    assert not AttemptRecord.objects.exists()


def test_supplementing_by_link(visitor: Visitor, clock: Clock, demo: None, post: Post) -> None:
    _, case = need(visitor)
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send("/accept/")
    officer.send("/request_supplement/", items="Which pole?", text="The number is on it.")
    assert officer.status == 200, officer.text
    work()
    hand(post).run_once()
    assert "needs something more" in post.said[0][1]
    person = Visitor().get(f"/en/m/{token_of(post)}/")
    assert "Which pole?" in person.text
    person.send("/supply/", text="The third one", files=picture())
    assert "Thank you" in person.text
    assert "loop.supplement" not in {
        name for name, item in read.load_state(case).items.items() if item.state == "active"
    }


def test_a_notice_by_link(visitor: Visitor, clock: Clock, demo: None, post: Post) -> None:
    _, case = need(visitor)
    Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/").send("/accept/")
    work()
    hand(post).run_once()
    assert "has a document for you: Receipt" in post.said[0][1]
    token = token_of(post)
    person = Visitor().get(f"/en/m/{token}/")
    assert "Somebody has taken up what you told us" in person.text
    assert person.client.get(f"/en/m/{token}/notice.pdf").headers["Content-Type"] == "application/pdf"


# --- the outbox page --------------------------------------------------------------------------------------


def test_the_demonstration_shows_what_the_telephone_would(
    visitor: Visitor, clock: Clock, demo: None, post: Post
) -> None:
    receipt, _ = answered(visitor, clock)
    assert hand(post, Channels(), demo=True).run_once().sent
    assert post.said == []
    visitor.get("/en/outbox/")
    assert "nothing here was really sent" in visitor.text
    link = re.search(r'href="(http://testserver/en/m/[^"]+)"', visitor.html)
    assert link
    visitor.get(link[1].replace("http://testserver", ""))
    assert "The lamp burns again." in visitor.text
    assert "No messages yet" in Visitor().get("/en/outbox/").text
    administrator = Visitor().be("psb-620102/administrator").get("/en/outbox/")
    assert administrator.status == 200
    assert receipt in administrator.text
    assert "/m/" not in administrator.html
    assert Visitor().be(DISPATCHER).get("/en/outbox/").status == 403
    visitor.get(f"/en/my/{receipt}/messages/")
    assert "demonstration, nothing was really sent" in visitor.text
