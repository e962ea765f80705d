"""The inbox: filters that mean the same in lists and counts, saved views, many rows at once, undo, parts for htmx."""

from __future__ import annotations

import json
import re
from itertools import product
from typing import Any

import pytest
from tests.web.site import BUREAU, CHIEF, STREET, WEDNESDAY, Clock, Visitor, open_need
from tests.web.test_desk import HOUR, OFFICER, fill

from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import Actor
from zhuoli.office import inbox
from zhuoli.office.directory import load_directory
from zhuoli.office.handle import Request
from zhuoli.office.missing_words import fill_in
from zhuoli.office.narrow import AGES, COLOURS, Filter
from zhuoli.store.models import CaseRecord, EntryRecord, SavedViewRecord, TaskRecord, WordsRecord
from zhuoli.web import door

COLLEAGUE = "urban-620102/supervisor"
CHOICES: list[Filter] = [
    *(Filter(colour=colour) for colour in COLOURS),
    *(Filter(age=age) for age in AGES),  # type: ignore[arg-type]
    *(Filter(whose=whose) for whose in ("mine", "free", "taken")),  # type: ignore[arg-type]
    Filter(scenario="public_need"),
    Filter(scenario="exam_id_green_channel"),
    Filter(place="620102"),
    Filter(place="620102002"),
    Filter(place="6201", priority="urgent"),
    Filter(priority="high", colour="red"),
    Filter(joint=True),
    Filter(whose="free", colour="amber", age="day"),
]


def part(visitor: Visitor, path: str, target: str, at: str = "/en/desk/", **data: Any) -> Any:
    """Ask as htmx does."""
    headers = {"HX-Request": "true", "HX-Target": target, "HX-Current-URL": f"http://testserver{at}"}
    if data:
        token = visitor.client.cookies["csrftoken"].value
        return visitor.client.post(path, {"csrfmiddlewaretoken": token, **data}, headers=headers)
    return visitor.client.get(path, headers=headers)


def vary() -> None:
    """Spread the rows over priorities, places, posts and stopped clocks; some cases get a second task."""
    extra: list[TaskRecord] = []
    for number, task in enumerate(TaskRecord.objects.order_by("case_id")):
        values: dict[str, object] = {"post": ("", BUREAU, COLLEAGUE)[number % 3]}
        if number % 7 == 0:
            values |= {"stopped": True, "promised": None}
        elif number % 11 == 0:
            values["promised"] = None
        TaskRecord.objects.filter(case_id=task.case_id, item=task.item).update(**values)
        town = f"62010200{number % 4 + 1}"
        CaseRecord.objects.filter(pk=task.case_id).update(
            priority=("normal", "high", "urgent")[number % 3],
            town=town,
            territory=town + "000",
            scenario=("public_need", "exam_id_green_channel")[number % 2],
        )
        if number % 5 == 0:
            shape = {
                field.attname: getattr(task, field.attname) for field in TaskRecord._meta.concrete_fields
            }
            shape |= {"item": "loop.contribute:street-620102001", "promised": WEDNESDAY + number * HOUR}
            shape |= {"unit": ("urban-620102", "street-620102001")[number % 2], "post": ""}
            extra.append(TaskRecord(**shape))
    TaskRecord.objects.bulk_create(extra)


def test_lists_and_counts_mean_the_same(visitor: Visitor, clock: Clock) -> None:
    open_need(visitor)
    fill(120)
    vary()
    directory = load_directory()
    views = list(product(inbox.TASK_QUEUES, CHOICES))
    counted = inbox.counts(OFFICER, directory, WEDNESDAY, views).views
    seen = 0
    for (queue, narrowed), count in zip(views, counted, strict=True):
        rows = inbox.page(OFFICER, directory, queue, now=WEDNESDAY, narrowed=narrowed, size=500).rows
        assert count is not None
        assert count.total == len(rows), (queue, narrowed)
        assert len({row.case for row in rows}) == len(rows), "one row for each case"
        colours: dict[str, int] = {}
        for row in rows:
            colour = inbox.colour_of(row.due, row.promised, row.stopped, row.since, WEDNESDAY)
            colours[colour] = colours.get(colour, 0) + 1
        assert colours == count.colours, (queue, narrowed)
        seen += len(rows)
    assert seen > 500
    for queue, count in inbox.counts(OFFICER, directory, WEDNESDAY).queues.items():
        rows = inbox.page(OFFICER, directory, queue, now=WEDNESDAY, size=500).rows
        assert count.total == len(rows), queue


def test_filters_are_shown_and_can_be_taken_off(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    officer = Visitor().be(BUREAU)
    officer.get("/en/desk/?queue=new&clock=green&scenario=public_need&place=620102001&whose=free&q=路灯")
    assert 'id="row-' in officer.html
    chips = re.findall(r'class="chip" href="([^"]+)"', officer.html)
    assert len(chips) == 5
    assert not any("clock=" in each for each in chips[3:4])
    officer.get(chips[0].replace("&amp;", "&"))
    assert len(re.findall(r'class="chip"', officer.html)) == 4
    officer.get("/en/desk/?clock=red")
    assert "Nothing fits these filters." in officer.text
    officer.send("/desk/", q="") if any(f.action.endswith("/desk/") for f in officer.forms) else None


@pytest.mark.parametrize(
    "query",
    [
        "clock=blue",
        "place=62x",
        "place=999999",
        "whose=zhang",
        "age=year",
        "scenario=none",
        "case=a",
        "joint=2",
    ],
)
def test_impossible_filters_are_refused(visitor: Visitor, clock: Clock, demo: None, query: str) -> None:
    officer = Visitor().be(BUREAU).get(f"/en/desk/?{query}")
    assert officer.status == 400
    assert query.partition("=")[0] in officer.text


def test_saved_views_are_counted_shared_and_removed(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    officer = Visitor().be(BUREAU).get("/en/desk/?queue=new&clock=green&q=路灯")
    officer.send("/desk/views/", name="  Green   first ", shared="1")
    view = SavedViewRecord.objects.get()
    assert view.name == "Green first"
    assert view.query == "queue=new&clock=green", "words that were searched for are not kept"
    assert officer.query == {"queue": "new", "clock": "green"}
    assert re.search(rf'id="view-{view.id}" aria-current="true"', officer.html)
    assert re.search(rf'id="view-{view.id}".*?clock-green.*?</span> 1<', officer.html)
    colleague = Visitor().be(COLLEAGUE)
    assert f'id="view-{view.id}"' in colleague.html
    assert not any(form.action.endswith("/remove/") for form in colleague.forms)
    stranger = Visitor().be("urban-620103/officer")
    assert f'id="view-{view.id}"' not in stranger.html
    # Only whoever made it takes it away.
    token = colleague.client.cookies["csrftoken"].value
    gone = colleague.client.post(f"/en/desk/views/{view.id}/remove/", {"csrfmiddlewaretoken": token})
    assert gone.status_code == 404
    officer.send(f"/views/{view.id}/remove/")
    assert not SavedViewRecord.objects.exists()


def test_view_without_a_name_or_one_too_many(visitor: Visitor, clock: Clock, demo: None) -> None:
    officer = Visitor().be(BUREAU).get("/en/desk/?clock=green")
    officer.send("/desk/views/", name=" ")
    assert officer.status == 422
    for number in range(13):
        officer.get("/en/desk/?clock=green").send("/desk/views/", name=f"View {number}")
    assert officer.status == 422
    assert "At most 12" in officer.text
    assert SavedViewRecord.objects.count() == 12


def test_many_at_once_each_by_its_own_command(visitor: Visitor, clock: Clock, demo: None) -> None:
    for _ in range(3):
        open_need(visitor)
    cases = list(CaseRecord.objects.order_by("id").values_list("id", flat=True))
    Visitor().be(COLLEAGUE).get(f"/en/desk/cases/{cases[1]}/").task("loop.accept").send("/claim/")
    officer = Visitor().be(BUREAU).get("/en/desk/")
    before = EntryRecord.objects.count()
    form = officer.form("/desk/bulk/")
    assert form.names >= {"row", "post"}
    assert ("what", "claim") in form.buttons
    rows = [f"{case}:loop.accept" for case in cases]
    officer.send("/desk/bulk/", row=rows, what="claim")
    assert officer.status == 200
    assert "2 done, 1 not done" in officer.text
    assert "taken" in officer.text.lower()
    assert EntryRecord.objects.count() == before + 2
    assert TaskRecord.objects.filter(post=BUREAU).count() == 2
    # The same form once more changes nothing; undo gives back what was taken, and only that.
    officer.send("/desk/bulk/")
    assert TaskRecord.objects.filter(post=BUREAU).count() == 0
    assert TaskRecord.objects.filter(post=COLLEAGUE).count() == 1


def test_bulk_form_sent_twice_is_one_act(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get("/en/desk/")
    form = officer.form("/desk/bulk/")
    for _ in range(2):
        officer.forms = [form]
        officer.send("/desk/bulk/", row=[f"{case}:loop.accept"], what="assign", post=COLLEAGUE)
        assert "All 1 were given" in officer.text
    assert EntryRecord.objects.filter(command="assign").count() == 1
    assert TaskRecord.objects.get(case_id=case, item="loop.accept").post == COLLEAGUE


def test_bulk_says_what_is_missing(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU).get("/en/desk/")
    form = officer.form("/desk/bulk/")
    for data, status in (
        ({"what": "claim"}, 422),
        ({"what": "assign", "row": f"{case}:loop.accept"}, 422),
        ({"what": "assign", "row": f"{case}:loop.accept", "post": "urban-620103/officer"}, 422),
        ({"what": "erase", "row": f"{case}:loop.accept"}, 400),
        ({"what": "claim", "row": "x:y"}, 400),
    ):
        officer.forms = [form]
        officer.send("/desk/bulk/", **data)
        assert officer.status == status, data
    assert not TaskRecord.objects.exclude(post="").exists()


def test_bulk_tells_nothing_of_cases_of_others(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    case = CaseRecord.objects.get().id
    stranger = Visitor().be("urban-620103/officer").get("/en/personas/")
    token = stranger.client.cookies["csrftoken"].value
    data = {"csrfmiddlewaretoken": token, "_key": "0" * 32, "what": "claim", "row": f"{case}:loop.accept"}
    answer = stranger.client.post("/en/desk/bulk/", data)
    assert answer.status_code == 200
    assert receipt not in answer.content.decode()
    assert not TaskRecord.objects.exclude(post="").exists()


def test_supervisor_urges_many(visitor: Visitor, clock: Clock, demo: None) -> None:
    for _ in range(2):
        open_need(visitor)
    clock.pass_hours(24 * 10)
    CaseRecord.objects.update(late=True)
    chief = Visitor().be(CHIEF).get("/en/desk/?queue=below")
    rows = [f"{case}:" for case in CaseRecord.objects.values_list("id", flat=True)]
    chief.send("/desk/bulk/", row=rows, what="urge")
    assert "All 2 were urged" in chief.text
    assert list(CaseRecord.objects.values_list("urges", flat=True)) == [1, 1]
    assert "Undo" not in chief.text, "an urge cannot be taken back"


def test_claim_in_the_pane_answers_only_what_changed(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU)
    at = f"/en/desk/?queue=all&case={case}"
    pane = part(officer, at, "case", at)
    page = pane.content.decode()
    assert "<html" not in page
    assert "What is asked of me" in page
    officer._take(pane, at)
    form = officer.task("loop.accept").form("/claim/")
    sent = dict(form.fields)
    answer = part(officer, form.action, "case", at, **sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<template data-row="row-{case}">' in page
    assert 'hx-swap-oob="innerHTML:#queues"' in page
    assert "It is yours." in page
    undo = re.search(r'action="([^"]+/release/)"', page)
    assert undo
    officer._take(answer, at)
    officer.forms = [each for each in officer.forms if ("_undo", "1") in each.fields]
    back = part(officer, undo[1], "case", at, **dict(officer.forms[0].fields))
    assert "Undone." in back.content.decode()
    assert TaskRecord.objects.get(item="loop.accept").post == ""
    assert [e.command for e in EntryRecord.objects.order_by("position")][-2:] == ["claim", "release"]


def test_row_that_leaves_is_named(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU)
    at = f"/en/desk/?queue=new&case={case}"
    officer._take(part(officer, at, "case", at), at)
    form = officer.form("/accept/")
    page = part(officer, form.action, "case", at, **dict(form.fields)).content.decode()
    assert f'<template data-gone="row-{case}">' in page
    assert "Look on the spot" in page, "the case shows what is asked next"
    assert 'data-row="' not in page


def test_case_passed_on_leaves_a_note_in_the_pane(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU)
    at = f"/en/desk/?queue=all&case={case}"
    officer._take(part(officer, at, "case", at), at)
    form = officer.form("/transfer/")
    data = {**dict(form.fields), "unit": "housing-620102", "reason": "A private yard"}
    page = part(officer, form.action, "case", at, **data).content.decode()
    assert "It was passed on." in page
    assert f'<template data-gone="row-{case}">' in page
    assert "A private yard" not in page


def test_conflict_in_the_pane_keeps_what_was_typed(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    case = CaseRecord.objects.get().id
    officer = Visitor().be(BUREAU)
    at = f"/en/desk/?queue=all&case={case}"
    officer._take(part(officer, at, "case", at), at)
    visitor.get(f"/en/my/{receipt}/").send("/note/", text="From the person")
    form = officer.form("/note/")
    answer = part(officer, form.action, "case", at, **{**dict(form.fields), "text": "From the office"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<html" not in page
    assert "has changed since you opened it" in page
    assert "From the office</textarea>" in page


def test_act_that_somebody_else_has_done_is_told_in_the_pane(
    visitor: Visitor, clock: Clock, demo: None
) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    officer, other = Visitor().be(BUREAU), Visitor().be(COLLEAGUE)
    at = f"/en/desk/?queue=all&case={case}"
    officer._take(part(officer, at, "case", at), at)
    form = officer.form("/accept/")
    other.get(f"/en/desk/cases/{case}/").send("/accept/")
    answer = part(officer, form.action, "case", at, **dict(form.fields))
    assert answer.status_code == 409
    assert "cannot be done any more" in answer.content.decode()
    assert "Look on the spot" in answer.content.decode(), "the case is shown as it is now"


def test_history_gets_a_whole_page(visitor: Visitor, clock: Clock, demo: None) -> None:
    officer = Visitor().be(BUREAU)
    headers = {"HX-Request": "true", "HX-History-Restore-Request": "true", "HX-Target": "panes"}
    assert b"<html" in officer.client.get("/en/desk/", headers=headers).content
    panes = part(officer, "/en/desk/?queue=new", "panes").content.decode()
    assert "<html" not in panes
    assert 'id="list"' in panes


def test_merge_can_be_undone_from_the_note(visitor: Visitor, clock: Clock, demo: None) -> None:
    first = open_need(visitor)
    open_need(visitor)
    case = CaseRecord.objects.exclude(receipt=first).get().id
    officer = Visitor().be(BUREAU).get(f"/en/desk/cases/{case}/")
    officer.forms = [each for each in officer.forms if each.action.endswith("/merge/")][:1]
    officer.send("/merge/", into=first)
    assert CaseRecord.objects.get(pk=case).status == "merged"
    officer.forms = [each for each in officer.forms if ("_undo", "1") in each.fields]
    officer.send("/split/")
    assert CaseRecord.objects.get(pk=case).status == "received"


def test_words_follow_the_case_and_go_with_it(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get()
    kept = WordsRecord.objects.get(pk=case.id).words
    assert "路灯" in kept
    assert "酒泉路街道" in kept
    assert "dark for a week" not in kept
    WordsRecord.objects.all().delete()
    officer = Visitor().be(BUREAU).get("/en/desk/?q=路灯")
    assert f'id="row-{case.id}"' not in officer.html
    assert fill_in(door.office()) == 1
    assert fill_in(door.office()) == 0
    assert WordsRecord.objects.get(pk=case.id).words == kept
    assert f'id="row-{case.id}"' in officer.get("/en/desk/?q=路灯").html


def test_words_go_when_the_last_key_goes(visitor: Visitor, clock: Clock, demo: None) -> None:
    receipt = open_need(visitor)
    case = CaseRecord.objects.get().id
    visitor.get(f"/en/my/{receipt}/").send("/withdraw/", reason="It burns again")
    clock.pass_hours(24 * 365 * 30)
    party = door.load(case).parties["requester"]
    person = Actor(kind="party", party=party)
    erase = c.Erase(party=party, reason="retention is over")
    door.office().handle(Request(key="erase-0001", command=erase, actor=person, case=case))
    assert not WordsRecord.objects.filter(pk=case).exists()
    assert fill_in(door.office()) == 1
    assert WordsRecord.objects.get(pk=case).words == "", "nothing comes back"


def test_place_of_the_row_and_post_of_a_colleague(visitor: Visitor, clock: Clock, demo: None) -> None:
    open_need(visitor)
    case = CaseRecord.objects.get().id
    Visitor().be(COLLEAGUE).get(f"/en/desk/cases/{case}/").task("loop.accept").send("/claim/")
    officer = Visitor().be(BUREAU)
    row = re.search(rf'<li class="row" id="row-{case}".*?</li>', officer.html, re.S)
    assert row
    place = re.search(r'class="row-place">([^<]*)<', row[0])
    assert place
    assert place[1] == "Jiuquanlu Subdistrict", "the unit's own county is not said on every row"
    assert 'class="tag row-taken"' in row[0], row[0]
    assert "resident waits" in row[0]


def test_statements_of_an_act_in_the_pane_are_few(visitor: Visitor, clock: Clock, demo: None) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    open_need(visitor)
    case = CaseRecord.objects.order_by("id").first()
    assert case is not None
    officer = Visitor().be(BUREAU)
    at = f"/en/desk/?queue=all&case={case.id}"
    officer._take(part(officer, at, "case", at), at)
    form = officer.task("loop.accept").form("/claim/")
    with CaptureQueriesContext(connection) as asked:
        assert part(officer, form.action, "case", at, **dict(form.fields)).status_code == 200
    assert len(asked) <= 40, json.dumps([query["sql"][:100] for query in asked.captured_queries], indent=1)


def test_streets_are_offered_as_places(visitor: Visitor, clock: Clock, demo: None) -> None:
    officer = Visitor().be(BUREAU)
    assert f'value="{STREET[:9]}"' in officer.html
    dispatcher = Visitor().be("dispatch-6201/dispatcher")
    assert 'value="620102"' in dispatcher.html
