"""The desk: inbox, acts, looks, calls, supervision; how many statements a page may ask."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.shelf import project_shelf
from tests.web.site import BUREAU, CHIEF, DISPATCHER, STREET, WEDNESDAY, Clock, Visitor, open_need, picture

from zhuoli.core.case.compile import compile_plan
from zhuoli.core.case.events import Decided
from zhuoli.core.case.facts import Actor
from zhuoli.office import inbox
from zhuoli.office.access import Viewer
from zhuoli.office.directory import load_directory
from zhuoli.office.sealed import StoredEntry
from zhuoli.store.models import CaseRecord, LookRecord, TaskRecord
from zhuoli.web.desk import casefile

HOUR = 3_600_000
OFFICER = Viewer(kind="post", post=BUREAU, unit="urban-620102", roles=("officer",))


@contextmanager
def statements(most: int) -> Iterator[None]:
    with CaptureQueriesContext(connection) as captured:
        yield
    asked = [query["sql"] for query in captured.captured_queries]
    assert len(asked) <= most, f"{len(asked)} statements:\n" + "\n".join(asked)


def fill(count: int, **changes: object) -> None:
    """Put rows into the lists without going through the ledger (only lists are looked at here)."""
    template = CaseRecord.objects.get()
    task = TaskRecord.objects.get()
    first = template.id + 1
    cases, tasks = [], []
    for number in range(count):
        values = {
            field.attname: getattr(template, field.attname) for field in CaseRecord._meta.concrete_fields
        }
        values |= {
            "id": first + number,
            "receipt": f"R{number}",
            "opened": WEDNESDAY - number * HOUR,
            **changes,
        }
        cases.append(CaseRecord(**values))
        shape = {field.attname: getattr(task, field.attname) for field in TaskRecord._meta.concrete_fields}
        due = WEDNESDAY + (number % 97 - 20) * HOUR
        shape |= {"case_id": first + number, "promised": due, "due": None, "stopped": False}
        tasks.append(TaskRecord(**shape))
    CaseRecord.objects.bulk_create(cases, batch_size=500)
    TaskRecord.objects.bulk_create(tasks, batch_size=500)


def test_inbox_shows_what_goes_wrong_first(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    fill(30)
    officer = Visitor().be(BUREAU)
    words = re.findall(r'class="clock clock-(green|amber|red|stopped)"><i', officer.html)
    assert words[0] == "red"
    assert words == sorted(words, key=["red", "amber", "green", "stopped"].index)
    assert "late" in officer.text
    assert "left" in officer.text


def test_inbox_goes_down_by_keyset_and_shows_each_task_once(
    visitor: Visitor, clock: Clock, demo: None
) -> None:
    open_need(visitor)
    fill(120)
    seen: list[str] = []
    officer = Visitor().be(BUREAU)
    for _ in range(5):
        seen += re.findall(r'id="row-(\d+)"', officer.html)
        further = re.search(r'href="([^"]+)" rel="next"', officer.html)
        if not further:
            break
        officer.get(further[1].replace("&amp;", "&"))
    assert len(seen) == len(set(seen)) == 121


def test_inbox_asks_a_fixed_number_of_statements(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    officer = Visitor().be(BUREAU)
    with CaptureQueriesContext(connection) as few:
        officer.get("/en/desk/")
    fill(300)
    with CaptureQueriesContext(connection) as many:
        officer.get("/en/desk/")
    assert len(many) == len(few) == 11, [query["sql"][:200] for query in many.captured_queries]
    assert not any("COUNT(" in query["sql"] for query in many.captured_queries)


def test_case_queues_ask_a_fixed_number_of_statements(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    fill(60, late=True, status="accepted")
    chief = Visitor().be(CHIEF)
    for queue in ("below", "person", "answered", "review"):
        with statements(11):
            chief.get(f"/en/desk/?queue={queue}")
        assert chief.status == 200
    chief.get("/en/desk/?queue=below")
    assert len(re.findall(r'id="row-\d+"', chief.html)) == inbox.PAGE


def test_inbox_uses_an_index(visitor: Visitor, clock: Clock) -> None:
    open_need(visitor)
    with CaptureQueriesContext(connection) as captured:
        inbox.page(OFFICER, load_directory(), "all", now=WEDNESDAY)
        inbox.counts(OFFICER, load_directory(), WEDNESDAY)
    for query in captured.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN QUERY PLAN " + query["sql"])
            plan = " ".join(str(row) for row in cursor.fetchall())
        assert "SCAN" not in plan, plan
        if "whose_unit" in query["sql"] or "NOT EXISTS" in query["sql"]:
            assert "sqlite_autoindex_store_task" in plan or "PRIMARY KEY" in plan, plan


def test_counts_are_bounded(visitor: Visitor, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    open_need(visitor)
    monkeypatch.setattr(inbox, "COUNTED", 10)
    assert not inbox.counts(OFFICER, load_directory(), WEDNESDAY).queues["all"].more
    fill(30)
    counted = inbox.counts(OFFICER, load_directory(), WEDNESDAY).queues["all"]
    assert counted.more
    assert counted.total == 10


def test_inbox_search_by_receipt_place_and_plain_words(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU)
    officer.get(f"/en/desk/?q={receipt.lower()}")
    assert officer.path == "/en/desk/"
    assert officer.query == {"queue": "all", "case": str(case)}
    for q, found in (
        ("酒泉路", True),
        ("酒泉路街道", True),
        ("张掖路街道", False),
        ("路灯", True),
        ("路灯 城关", True),
        ("路灯 七里河", False),
        ("LIGHTS", True),
        ("噪声", False),
        ("身份证", False),
        ("dark for a week", False),  # the person's own words are sealed
        ("%", False),
    ):
        officer.get(f"/en/desk/?q={q}")
        assert (f'id="row-{case}"' in officer.html) is found, q


def test_each_look_of_a_post_is_recorded(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    before = LookRecord.objects.count()
    assert "The lamp before" not in officer.text
    officer.send("/fields/form.story/", purpose="contact")
    assert officer.status == 422, "this purpose does not cover the story"
    assert LookRecord.objects.filter(purpose="handle").count() == 0
    officer.get(f"/en/desk/cases/{case}/").send("/fields/form.story/", purpose="handle")
    assert "The lamp before" in officer.text
    assert LookRecord.objects.filter(purpose="handle").count() == 1
    assert LookRecord.objects.count() > before


def test_other_units_do_not_see_a_case(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    looks = LookRecord.objects.count()
    for post in ("urban-620103/officer", "housing-620102/officer", "station-620102001/officer"):
        other = Visitor().be(post).get(f"/en/desk/cases/{case}/")
        assert other.status == 403, post
        assert "Urban Management" in other.text
    assert LookRecord.objects.count() == looks
    for post in (BUREAU, DISPATCHER, CHIEF, "gov-6201/supervisor"):
        assert Visitor().be(post).get(f"/en/desk/cases/{case}/").status == 200, post


def test_pass_on_and_lose_sight(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send("/transfer/", unit="housing-620102", reason="A private yard: the housing bureau's")
    assert officer.path == "/en/desk/"
    assert "It was passed on." in officer.text
    other = Visitor().be("housing-620102/officer").get(f"/en/desk/cases/{case}/")
    assert "A private yard" in other.text
    visitor.get(f"/en/my/{CaseRecord.objects.get().receipt}/")
    assert "says this is not theirs" in visitor.text


def test_call_is_written_down_and_read_back(clock: Clock, demo: None) -> None:
    desk = Visitor().be(DISPATCHER).get("/en/desk/new/")
    desk.get("/en/desk/new/public_need/")
    assert 'href="/en/desk/new/" data-go="n" aria-current="page"' in desk.html, "it is a page of the desk"
    desk.forms = [form for form in desk.forms if "a-story" in form.names]
    desk.send(
        "",
        a_danger="none",
        a_story="The caller reports a dark street.",
        a_category="other",
        a_hurt="no",
        a_place=["620100000000", "620102000000", STREET],
        a_contact="receipt",
    )
    assert "/desk/receipts/" in desk.path, desk.text
    receipt, code = re.findall(r'class="code">([^<]+)', desk.html)
    row = CaseRecord.objects.get()
    assert row.channel == "phone"
    caller = Visitor().get("/en/check/").send("/check/", receipt=receipt, code=code)
    assert caller.path == f"/en/my/{receipt}/"
    # The desk has none of the caller's rights, though it has read the code out.
    assert desk.get(f"/en/my/{receipt}/").status == 403
    desk.get(f"/en/desk/cases/{row.id}/").send("/triage/", unit="urban-620102", priority="high")
    assert desk.status == 200
    assert CaseRecord.objects.get().unit == "urban-620102"
    assert CaseRecord.objects.get().priority == "high"


def test_supplement_stops_the_clock_and_is_supplied(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send("/accept/")
    officer.send("/request_supplement/", items="Which lamp?\nSince when?", text="")
    assert "clock stopped" in officer.text
    officer.get("/en/desk/?queue=person")
    assert f'id="row-{case}"' in officer.html
    visitor.get(f"/en/my/{receipt}/")
    assert "It is your turn" in visitor.text
    assert "Which lamp?" in visitor.text
    visitor.send("/supply/", text="The third one", files=picture())
    assert "Supplied, and work goes on" in visitor.text


def test_joint_handling_and_supervision(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    lead = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    lead.send("/accept/")
    lead.send("/join/", unit="street-620102001", duty="Say which lamps are yours")
    joint = Visitor().be("street-620102001/officer")
    assert f'id="row-{case}"' in joint.get("/en/desk/?queue=joint").html
    joint.get(f"/en/desk/cases/{case}/").send("/sign_for/")
    joint.send("/contribute/", text="The third and fourth lamp are ours.")
    assert joint.status == 200
    chief = Visitor().be(CHIEF).get(f"/en/desk/cases/{case}/")
    chief.send("/supervise/", order="Answer today.", within="4 hours")
    assert "The order was given" in chief.text
    lead.get("/en/desk/?queue=orders")
    assert "Answer the supervision order" in lead.text
    lead.get(f"/en/desk/cases/{case}/").send("/reply/", text="The van is on its way.")
    assert "The order was answered" in lead.text


def test_refusal_is_told_with_its_remedy(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send("/accept/")
    officer.task("handle").send("/complete/", outcome="solved")
    assert officer.status == 422
    assert 'href="#complete-handle-a-action"' in officer.html
    assert 'id="complete-handle-a-action"' in officer.html
    assert "Answer this question" in officer.text


def test_person_contests_and_the_unit_sees_why(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send("/accept/")
    page = officer.path
    officer.task("look").send(
        "/complete/", outcome="found", a_seen="Dark.", a_looked_on="2026-03-04", a_still_dangerous="no"
    )
    officer.get(page).task("handle").send("/complete/", outcome="solved", a_action="Done", a_cause="broken")
    officer.get(page).send("/close/", result="solved", answer="Done", files=picture())
    visitor.get(f"/en/my/{receipt}/").send("/contest/", reason="It is dark again")
    assert "taken up again" in visitor.text
    officer.get(page)
    assert "It is dark again" in officer.text
    assert "Nothing is asked" not in officer.text


def test_language_follows_on_the_desk(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/zh/desk/cases/{case}/")
    assert "要我做什么" in officer.text
    officer.send("/accept/")
    assert officer.path == f"/zh/desk/cases/{case}/"


def test_personas_only_in_the_demonstration(visitor: Visitor, clock: Clock) -> None:
    assert visitor.get("/en/personas/").status == 404
    token = visitor.get("/en/check/").form("/check/").fields[0][1]
    answer = visitor.client.post("/en/personas/choose/", {"post": BUREAU, "csrfmiddlewaretoken": token})
    assert answer.status_code == 404
    assert visitor.get("/en/desk/").status == 403


def test_every_kind_of_persona_has_a_desk(visitor: Visitor, demo: None) -> None:
    visitor.get("/en/personas/")
    posts = [value for form in visitor.forms for name, value in form.fields if name == "post"]
    assert posts[:3] == ["resident", "guardian", "enterprise"]
    assert len(posts) == 16
    starts = {
        "author": "/en/matters/",
        "administrator": "/en/desk/admin/",
        "insurer": "/en/desk/shared/",
    }
    for post in posts[3:]:
        assert Visitor().be(post).path == starts.get(post.partition("/")[2], "/en/desk/"), post


def test_case_page_asks_a_fixed_number_of_statements(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    with CaptureQueriesContext(connection) as few:
        officer.get(f"/en/desk/cases/{case}/")
    for number in range(6):
        officer.get(f"/en/desk/cases/{case}/").send("/note/", text=f"Note {number}", audience="office")
    with CaptureQueriesContext(connection) as many:
        officer.get(f"/en/desk/cases/{case}/")
    # Seven of them look for likely duplicates: one a status and window, which is ten times quicker than one for all;
    # one more reads what was judged not to be the same.
    assert len(many) == len(few) <= 18, [query["sql"][:150] for query in many.captured_queries]


def test_new_secret_for_a_lost_receipt(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    old = re.findall(r'class="code">([^<]+)', visitor.html)[1]
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.send("/renew/", checked="")
    assert officer.status == 422
    officer.send("/renew/", checked="Identity card seen")
    shown, new = re.findall(r'class="code">([^<]+)', officer.html)
    assert shown == receipt
    assert new != old
    assert "Identity card seen" in officer.get(f"/en/desk/cases/{case}/").text
    other = Visitor().get("/en/check/").send("/check/", receipt=receipt, code=old)
    assert "do not belong together" in other.text
    other.get("/en/check/").send("/check/", receipt=receipt, code=new)
    assert other.path == f"/en/my/{receipt}/"
    # Whoever raised it still has it open, but the void secret is no longer shown.
    visitor.get(f"/en/my/{receipt}/receipt/")
    assert old not in visitor.html
    assert new not in visitor.html
    chief = Visitor().be(CHIEF).get(f"/en/desk/cases/{case}/")
    assert not any(form.action.endswith("/renew/") for form in chief.forms)


def test_whoever_holds_several_posts_chooses(visitor: Visitor, clock: Clock) -> None:
    from django.contrib.auth.models import User

    from zhuoli.store.models import Post

    user = User.objects.create_user("li", password="a long pass phrase")
    Post.objects.filter(pk__in=(BUREAU, CHIEF)).update(user=user)
    visitor.get("/en/login/").send("/login/", login="li", password="a long pass phrase")
    assert "Head of inspection" in visitor.text
    visitor.get("/en/desk/post/")
    posts = {value: form for form in visitor.forms for name, value in form.fields if name == "post"}
    assert set(posts) == {BUREAU, CHIEF}
    visitor.forms = [posts[BUREAU]]
    visitor.send("", post=BUREAU)
    assert visitor.path == "/en/desk/"
    assert "Caseworker" in visitor.text
    visitor.get("/en/desk/post/")
    visitor.forms = [form for form in visitor.forms if "post" in form.names][:1]
    visitor.send("", post=DISPATCHER)
    assert visitor.status == 404


def test_search_asks_a_fixed_number_of_statements(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    officer = Visitor().be(BUREAU)
    with statements(11):
        officer.get("/en/desk/?q=路灯")
    fill(100)
    with statements(11):
        officer.get("/en/desk/?q=路灯")
    with statements(11):
        officer.get("/en/desk/?queue=answered&q=路灯")


def test_a_reason_that_stops_several_acts_is_given_once(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU)
    officer.get(f"/en/desk/cases/{case}/").send("/accept/")
    officer.get(f"/en/desk/cases/{case}/").send(
        "/suspend/", reason="The road is under snow.", ground="weather"
    )
    page = officer.get(f"/en/desk/cases/{case}/")
    assert page.text.count("Handling is suspended and the clock stands still") == 1


SHELF = project_shelf()


@pytest.mark.parametrize("name", SHELF.scenarios)
def test_rules_that_fired_are_told_without_raw_names(name: str) -> None:
    """Every rule of every table of the shelf, wherever the table is used: words only, none of them a name of the file."""
    plan = compile_plan(SHELF.scenarios[name])
    used = {"acceptance": plan.scenario.acceptance.eligible_with}
    for item in plan.items.values():
        used[item.name] = item.table or (item.human.decide_with if item.human else "")
    for item_name, table_name in used.items():
        if not table_name:
            continue
        rules = plan.tables[table_name].rules
        for rule in (*rules.rules, *([rules.otherwise] if rules.otherwise else [])):
            outputs = dict(zip((each.name for each in rules.outputs), rule.outputs, strict=True))
            number = 0 if rule is rules.otherwise else rule.number
            fired = Decided(item=item_name, table=table_name, rules=(number,), outputs=outputs)
            entry = StoredEntry(seq=1, at=1, actor=Actor(kind="system"), command="open", events=(fired,))
            (told,) = casefile.decisions(plan, [entry])
            ((said, _),) = told.rules
            for word in {*outputs, *(each for each in outputs.values() if isinstance(each, str))}:
                assert not re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", said.zh), (table_name, said.zh)
