"""A minor accident through the real pages: two drivers on their phones, an officer at the desk, and the pictures."""

from __future__ import annotations

import json
import re

from tests.web.site import STREET, WEDNESDAY, Clock, Visitor, picture

from zhuoli.capabilities import REGISTRY
from zhuoli.channels.messages.links import make_token
from zhuoli.core.case.facts import SYSTEM
from zhuoli.core.case.state import Case
from zhuoli.office import read
from zhuoli.office.one_time_codes import OneTimeCodes
from zhuoli.office.worker import Worker
from zhuoli.store.models import KeyRecord, LookRecord, OutboxRecord, PaperRecord, ReceiptRecord
from zhuoli.web import door
from zhuoli.web.papers import prints

OFFICER = "psb-620102/officer"
REPORT = {
    "a_hurt": "none",
    "a_safe": "yes",
    "a_risky": ["none_of_these"],
    "a_place": ["620100000000", "620102000000", STREET],
    "a_spot": "the crossing of two roads",
    "a_at": "2026-03-04T10:50",
    "a_weather": "clear",
    "a_kind": "motor_motor",
    "a_wish": "online",
    "a_name": "Ma",
    "a_phone": "13909310061",
    "a_other_phone": "13909310062",
}
STATEMENT = {"a_mine": "car", "a_speed": "20", "a_joins": "yes", "a_licence": "demo", "a_insurer": "Demo"}
STATEMENT |= {"a_policy": "demo"}


def report(visitor: Visitor, **changes: object) -> Case:
    visitor.get("/en/matters/minor_accident/form/").send("", **{**REPORT, **changes})
    assert visitor.path.endswith("/receipt/"), visitor.text
    return door.load(ReceiptRecord.objects.get(receipt=visitor.path.split("/")[3]).case_id)


def link(case: Case, role: str, task: str) -> str:
    record = OutboxRecord.objects.get(
        case_id=case.id, party=case.parties[role], about__startswith=f"task {task} "
    )
    return f"/en/m/{make_token(door.office(), record)}/"


FIRST = {"a_situation": "rear_end", "a_acting": "b", "a_hit": "back", "a_plate": "甘A12345"}
SECOND = {
    "a_situation": "reversing",
    "a_acting": "b",
    "a_hit": "front",
    "a_plate": "甘A54321",
    "a_name": "Zhang",
}


def first_tells(visitor: Visitor, case: Case) -> None:
    page = visitor.get(f"/en/my/{case.receipt}/").task("first_says")
    page.send("complete/", a_story="I stood at the light.", **FIRST, **STATEMENT)
    assert visitor.status == 200, visitor.text


def second_tells(other: Visitor, case: Case) -> None:
    page = other.get(link(case, "other", "second_says")).task("second_says")
    page.send("complete/", a_story="The car before me rolled back.", **SECOND, **STATEMENT)
    assert other.status == 200, other.text


def both_tell(visitor: Visitor, case: Case) -> Visitor:
    first_tells(visitor, case)
    other = Visitor()
    second_tells(other, case)
    return other


def test_whoever_reports_is_led_to_what_is_asked_next(visitor: Visitor, demo: None) -> None:
    case = report(visitor)
    assert "What is asked of you now" in visitor.text
    (onward,) = set(re.findall(r'href="([^"]+)#act-complete-first_says"', visitor.html))
    visitor.get(onward)
    assert re.search(r'<details class="act" id="act-complete-first_says" open', visitor.html)
    assert "It is your turn" in visitor.text
    assert "is working on: Statement" not in visitor.text, (
        "the office does not work on what a side is asked for"
    )
    acts = re.findall(r'id="act-complete-([a-z_]+)"', visitor.html)
    assert acts == ["first_says", "first_asks"], "what is asked comes before what one merely may do"
    assert 'class="turn"' in visitor.get("/en/my/").html
    both_tell(visitor, case)
    visitor.get(f"/en/my/{case.receipt}/")
    assert "is working on: Compare the statements" in visitor.text
    visitor.get(f"/en/my/{case.receipt}/receipt/")
    assert "What is asked of you now" not in visitor.text


def test_a_side_that_is_waited_for_is_named(visitor: Visitor, demo: None) -> None:
    case = report(visitor)
    first_tells(visitor, case)
    visitor.get(f"/en/my/{case.receipt}/")
    assert "Waiting for: Second side" in visitor.text
    assert "Statement of the other side" in visitor.text


def test_what_must_be_reported_at_once_is_met_with_the_number(visitor: Visitor, demo: None) -> None:
    """Also where that is worked out from the answers: the circumstances of article 13."""
    answers = {**REPORT, "a_risky": ["drink_drugs"]}
    visitor.get("/en/matters/minor_accident/form/")
    page = visitor.send("", **answers)
    assert page.path.endswith("/form/"), "nothing is taken before the number was seen"
    assert 'href="tel:122"' in page.html
    assert "the police must be called at once" in page.text
    page.send("", **answers)
    assert page.path.endswith("/receipt/"), page.text
    case = door.load(ReceiptRecord.objects.get(receipt=page.path.split("/")[3]).case_id)
    assert case.answers["channel.way"] == "ordinary"


def test_a_danger_is_told_beside_the_answer_that_tells_of_it(visitor: Visitor, demo: None) -> None:
    page = visitor.get("/en/matters/minor_accident/form/")
    fields = dict(page.form("").fields)
    url = re.search(r'data-check-url="([^"]+)"', page.html)
    assert url is not None

    def told(question: str, **answers: object) -> list[str]:
        given = {name.replace("_", "-", 1): value for name, value in answers.items()}
        answer = page.client.post(url[1], {**fields, **given, "_question": question})
        return [number for row in answer.json()["call"] for number in row["number"]]

    assert told("hurt", a_hurt="serious") == ["120"]
    assert told("safe", a_hurt="serious", a_safe="yes") == [], "it is told once, where it belongs"
    assert told("risky", a_hurt="none", a_risky=["drink_drugs"]) == ["122"]
    assert told("risky", a_hurt="none", a_risky=["none_of_these"]) == []


def first_pictures(page: Visitor, task: str) -> list[str]:
    """The pictures that a form offers first because somebody has pointed at them."""
    form = page.html.split(f'id="act-complete-{task}"')[1].split("</form>")[0]
    if "pointed at already" not in form:
        return []
    return re.findall(r'name="a-situation" value="([a-z_]+)"', form.split("other-pictures")[0])


def test_what_was_pointed_at_comes_first_and_no_side_learns_it_from_the_other(
    visitor: Visitor, demo: None
) -> None:
    case = report(visitor, a_wish="own")
    first_tells(visitor, case)
    other = Visitor()
    other.get(link(case, "other", "second_says"))
    assert first_pictures(other, "second_says") == [], "each side tells it without the other's words"
    second_tells(other, case)
    visitor.get(f"/en/my/{case.receipt}/")
    assert first_pictures(visitor, "agree") == ["rear_end"]


def test_an_officer_sees_what_both_have_pointed_at_and_what_the_table_proposes(
    visitor: Visitor, demo: None
) -> None:
    case = report(visitor)
    both_tell(visitor, case)
    officer = Visitor().be(OFFICER).get(f"/en/desk/cases/{case.id}/")
    assert first_pictures(officer, "facts") == ["rear_end", "reversing"]
    # Both say that they are B: that is what cannot be; where each was hit is no difference.
    differ = re.findall(r'<tr class="differs"><th scope="row">([^<]*) <span', officer.html)
    assert differ == ["Which picture is most like it?", "Which one are you on the picture?"]
    assert "you decide, and give a reason" not in officer.text
    state_facts(officer, "The second ran into the first.")
    officer.get(f"/en/desk/cases/{case.id}/")
    said = officer.text.split("you decide, and give a reason when departing from it")[1]
    assert said.index("The first side (who reported) None") < said.index("The second side Full")
    assert "Road Traffic Safety Law (2021) art. 43" in said[:400], "the article stands beside the form"


def test_an_agreement_is_not_written_without_what_the_law_asks(visitor: Visitor, demo: None) -> None:
    """Article 21: plate, licence, insurer and policy stand in the agreement; where an officer determines they may be left out."""
    told = {
        "a_situation": "rear_end",
        "a_acting": "b",
        "a_hit": "back",
        "a_story": "I stood.",
        "a_mine": "car",
    }
    for wish, left in (("own", ["plate", "licence", "insurer", "policy"]), ("online", [])):
        case = report(visitor, a_wish=wish)
        form = visitor.get(f"/en/my/{case.receipt}/").task("first_says")
        optional = re.findall(r'for="[^"]*a-(\w+)">[^<]*<span class="optional">', visitor.html)
        assert not {*left} & {*optional}
        form.send("complete/", a_joins="yes", **told)
        assert visitor.status == (422 if left else 200), visitor.text
        assert re.findall(r'id="[^"]*a-(\w+)-mistake"', visitor.html) == left


def test_an_agreement_reaches_both_sides(visitor: Visitor, demo: None) -> None:
    """Both sign, and that closes the case in the same moment: the papers of article 21 go out all the same."""
    case = report(visitor, a_wish="own")
    both_tell(visitor, case)
    agree(visitor, case)
    other = Visitor()
    other.get(link(case, "other", "second_signs"))
    sign(other, case, "second_signs", outcome="signs", a_sign="Zhang")
    assert other.status == 200, other.text
    hand = Worker(door.office(), REGISTRY, name="test")
    for _ in range(3):
        hand.run_once()
    done = read.open_case(door.office(), case.id, SYSTEM).state
    assert done.result == "agreed"
    belongs = read.file_parties(door.office(), case.id)
    for role in ("requester", "other"):
        (paper,) = [
            file
            for file, each in done.files.items()
            if "自行协商协议书" in each.name
            and belongs[file] == done.parties[role]
            and each.media_type.startswith("text/")
        ]
        said = prints.notice_text(door.load(case.id), paper)
        for name, question in (("Ma", "agree.sign"), ("Zhang", "second_signs.sign")):
            sha = done.signatures[question].sha256
            assert f"{name} (name and one-time code, 2026-03-04 11:00, SHA-256 {sha})" in said
    assert OutboxRecord.objects.filter(case_id=case.id, about__startswith="notice agreement ").count() == 2
    visitor.get(f"/en/my/{case.receipt}/")
    assert "A file was added: Agreement on a traffic accident ZL-" in visitor.text
    assert "added: 道路" not in visitor.text, "papers have their English names in the English story"


AGREEMENT = {"a_situation": "rear_end", "a_first": "none", "a_second": "full", "a_pay": "insurers"}


def code_sent(case: Case) -> str:
    """Read the newest code on the telephone."""
    record = OutboxRecord.objects.filter(case_id=case.id, about__startswith="code ").latest("id")
    system = door.office().signing
    assert isinstance(system, OneTimeCodes)
    return system.code(record.about, door.office().clock())


def sign(visitor: Visitor, case: Case, task: str, **answers: str) -> Visitor:
    """Ask for a code on the page that is open, type it, and complete."""
    visitor.task(task).send("complete/", _sign="sign", **answers)
    assert visitor.status == 200, visitor.text
    visitor.task(task).send("complete/", _code=code_sent(case), **answers)
    return visitor


def agree(visitor: Visitor, case: Case) -> None:
    """Write the agreement and sign it."""
    visitor.get(f"/en/my/{case.receipt}/")
    sign(visitor, case, "agree", **AGREEMENT, a_sign="Ma")
    assert visitor.status == 200, visitor.text


def test_signing_tells_what_is_wrong_beside_the_code(visitor: Visitor, demo: None, clock: Clock) -> None:
    case = report(visitor, a_wish="own")
    both_tell(visitor, case)
    visitor.get(f"/en/my/{case.receipt}/")
    form = visitor.task("agree").form("complete/")
    assert ("_sign", "sign") in form.buttons
    assert 'autocomplete="one-time-code"' in visitor.html
    assert 'inputmode="numeric"' in visitor.html
    # Nothing is sent for a form that is not complete, and what was typed stays.
    visitor.send("complete/", _sign="sign", a_sign="Ma")
    assert visitor.status == 422
    assert not OutboxRecord.objects.filter(about__startswith="code ").exists()
    visitor.task("agree").send("complete/", _sign="sign", **AGREEMENT)
    assert visitor.status == 200
    assert "The code is on its way to 139****0061." in visitor.text
    right = code_sent(case)
    wrong = f"{(int(right) + 1) % 10**6:06}"
    visitor.task("agree").send("complete/", _code=wrong)
    assert (visitor.status, "4 more tries" in visitor.text) == (422, True)
    assert f'value="{wrong}"' in visitor.html
    visitor.task("agree").send("complete/", _sign="sign")
    assert (visitor.status, "Another code can be sent in" in visitor.text) == (422, True)
    visitor.task("agree").send("complete/", _code=right, a_pay="ourselves")
    assert (visitor.status, "has changed since the code was sent" in visitor.text) == (422, True)
    clock.pass_hours(0.25)
    visitor.task("agree").send("complete/", _code=right, a_pay="insurers")
    assert (visitor.status, "good for ten minutes" in visitor.text) == (422, True)
    sign(visitor, case, "agree", **AGREEMENT, a_sign="Ma")
    assert visitor.status == 200, visitor.text
    # The visitor of the demonstration reads the second side's code where its messages are.
    other = Visitor()
    other.get(link(case, "other", "second_signs"))
    assert "What you sign:" in other.text
    other.task("second_signs").send("complete/", _sign="sign", outcome="signs", a_sign="Zhang")
    code = code_sent(case)
    assert code in visitor.get("/en/outbox/").text
    assert code not in other.text
    other.task("second_signs").send("complete/", _code=code, outcome="signs", a_sign="Zhang")
    assert other.status == 200, other.text
    assert code not in visitor.get("/en/outbox/").text, "a code that was used is shown to nobody"
    story = visitor.get(f"/en/my/{case.receipt}/").text
    assert "Second side has signed: name and a one-time code" in story


def test_who_gets_no_message_signs_on_paper_before_an_officer(visitor: Visitor, demo: None) -> None:
    case = report(visitor, a_wish="own")
    both_tell(visitor, case)
    agree(visitor, case)
    system = door.office().signing
    assert isinstance(system, OneTimeCodes)
    system.sends = False
    other = Visitor()
    other.get(link(case, "other", "second_signs"))
    system.sends = True
    assert "No text messages go out from here" in other.text
    assert "sign on paper" in other.text
    assert not any(name == "_sign" for form in other.forms for name, _ in form.buttons)
    officer = Visitor().be(OFFICER).get(f"/en/desk/cases/{case.id}/")
    assert "Note a signature on paper: Read the agreement and sign" in officer.text
    officer.task("second_signs").send("complete/", outcome="signs", a_sign="Zhang")
    assert officer.status == 422
    officer.task("second_signs").send("complete/", outcome="signs", a_sign="Zhang", files=picture())
    assert officer.status == 200, officer.text
    assert door.load(case.id).signatures["second_signs.sign"].method == "paper"
    page = officer.get(f"/en/desk/cases/{case.id}/").text
    assert "has signed on paper before the office" in page
    assert "name and one-time code 139****0061, 2026-03-04 11:00" in page


def state_facts(officer: Visitor, found: str, **more: str) -> None:
    """State, on the page of the case, that the second side ran into the first."""
    officer.task("facts").send(
        "complete/",
        outcome="clear",
        a_unrelated="yes",
        a_situation="rear_end",
        a_acting="second",
        a_fault="none",
        a_special="nothing",
        a_found=found,
        **more,
    )


def determine(
    officer: Visitor, case: Case, found: str = "The first side stood, the second ran into it."
) -> None:
    """State the facts and determine liability as the table proposes."""
    state_facts(officer.get(f"/en/desk/cases/{case.id}/"), found)
    officer.get(f"/en/desk/cases/{case.id}/").task("determine").send(
        "complete/", a_first="none", a_second="full", a_ground="Law art. 43"
    )
    assert officer.status == 200, officer.text


def test_two_drivers_an_officer_and_fifteen_minutes(visitor: Visitor, demo: None) -> None:
    case = report(visitor)
    page = visitor.get(f"/en/my/{case.receipt}/").html
    statement = visitor.task("first_says").form("complete/")
    assert not statement.names & {"reason", "outcome"}, "a person is asked for nothing that nobody needs"
    assert page.count('class="picture"') == 38, "the situations can be pointed at"
    both_tell(visitor, case)

    officer = Visitor().be(OFFICER)
    officer.get(f"/en/desk/cases/{case.id}/")
    said = officer.text
    assert "First side" in said
    assert "differs" in said
    assert "I stood at the light" not in said, (
        "what somebody wrote is sealed until it is looked at for a purpose"
    )
    offered = re.findall(
        r"<strong>([^<]+)</strong>( <span[^>]+>fits what was said)?",
        officer.html.split('class="templates"')[1],
    )
    assert [title for title, fits in offered if fits] == ["Rear-end", "Reversing"], (
        "what both have said comes first"
    )
    assert [title for title, _ in offered[:2]] == ["Rear-end", "Reversing"]
    rows = re.findall(r'<tr class="differs"><th scope="row">([^<]+)', officer.html)
    assert [row.strip() for row in rows] == [
        "Which picture is most like it?",
        "Which one are you on the picture?",
    ]

    state_facts(officer, "The first side stood, the second ran into it; two photos.")
    assert officer.status == 200, officer.text
    assert "art. 43" in officer.text, "the rule that fired says its article"
    departed = {"a_first": "full", "a_second": "none", "a_ground": "Law art. 43"}
    officer.get(f"/en/desk/cases/{case.id}/").task("determine").send("complete/", **departed)
    assert officer.status == 422
    assert door.load(case.id).items["determine"].state == "active", "to depart from the table takes a reason"
    officer.task("determine").send("complete/", a_first="none", a_second="full")
    assert officer.status == 200, officer.text
    Worker(door.office(), REGISTRY, name="test").run_once()
    done = door.load(case.id)
    assert done.answers["determine.second"] == "full"
    assert done.items["determine"].ended is not None
    assert done.items["determine"].ended - WEDNESDAY < 15 * 60_000
    papers_are_genuine_and_tell_nobody(visitor, done)


def test_the_fields_that_the_law_asks_for(visitor: Visitor, demo: None) -> None:
    """By article, with where each comes from; personal ones only for a purpose that covers them."""
    case = report(visitor)
    both_tell(visitor, case)
    officer = Visitor().be(OFFICER)
    determine(officer, case)
    officer.get(f"/en/desk/cases/{case.id}/").send("/fields/", purpose="paper", list="statutory", form="json")
    assert officer.status == 200, officer.text
    rows = {row["name_en"]: row for row in json.loads(officer.html)["fields"]}
    assert rows["Second side: liability"]["words_en"] == "Full"
    assert rows["Second side: liability"]["field"] == "determine.second"
    assert rows["First side: plate"]["value"] == "甘A12345"
    assert rows["Procedure"]["words_zh"] == "共同申请网上认定"
    assert "第二十四条" in rows["Weather"]["articles"]
    assert rows["First side: contact"]["value"] == "13909310061", "articles 21 and 24 ask for it"
    assert rows["Closed"]["value"] == ""
    officer.get(f"/en/desk/cases/{case.id}/").send("/fields/", purpose="check", list="statutory", form="json")
    rows = {row["name_en"]: row for row in json.loads(officer.html)["fields"]}
    assert rows["First side: plate"]["value"] == "", "a review has no need of the plate"
    officer.get(f"/en/desk/cases/{case.id}/").send("/fields/", purpose="paper", list="nonsense", form="csv")
    assert officer.status == 400


def papers_are_genuine_and_tell_nobody(visitor: Visitor, case: Case) -> None:
    """The determination is a PDF with a number; the number says what it is and who issued it, and nothing of a person."""
    hand = Worker(door.office(), REGISTRY, name="test")
    for _ in range(3):
        hand.run_once()
    case = read.open_case(door.office(), case.id, SYSTEM).state
    belongs = read.file_parties(door.office(), case.id)
    first, other = case.parties["requester"], case.parties["other"]
    name, theirs = (
        next(
            key
            for key, each in case.files.items()
            if belongs[key] == party and "认定书" in each.name and each.media_type.startswith("text/markdown")
        )
        for party in (first, other)
    )
    visitor.get(f"/en/my/{case.receipt}/")
    assert name in visitor.html
    assert theirs not in visitor.html, "what was issued to the other side is not shown"
    for address in (f"notices/{theirs}.pdf", f"files/{theirs}/"):
        assert visitor.get(f"/en/my/{case.receipt}/{address}").status == 404
    visitor.get(f"/en/my/{case.receipt}/notices/{name}.pdf")
    assert visitor.status == 200
    assert visitor.headers["Content-Type"] == "application/pdf"
    for mine in (name, theirs):
        said = prints.notice_text(door.load(case.id), mine)
        assert "甘A12345" in said
        assert "- When: Wed 4 Mar" in said, "an instant is told as people tell it"
        assert "甘A54321" in said, "article 24 asks for both sides"
        assert "Second side: Zhang" in said
        assert "\u27e6" not in said
    KeyRecord.objects.filter(case_id=case.id, party=other).delete()
    said = prints.notice_text(door.load(case.id), name)
    assert "甘A12345" in said
    assert "甘A54321" not in said, "who was erased is gone from the other's copy, too"
    assert "(erased as the law asks)" in said
    paper = PaperRecord.objects.get(case_id=case.id, kind="notice:determination")
    stranger = Visitor().get(f"/en/verify/{paper.number}/")
    assert "Determination of liability" in stranger.text
    for secret in ("Ma", "甘A12345", case.receipt, "13909310061"):
        assert secret not in stranger.text.split()


def test_a_case_leaves_by_fields_for_a_purpose(visitor: Visitor, demo: None) -> None:
    case = report(visitor)
    both_tell(visitor, case)
    officer = Visitor().be(OFFICER)
    page = f"/en/desk/cases/{case.id}/"
    officer.get(page).send("/fields/", purpose="paper", form="json")
    assert officer.status == 200
    found = {each["field"]: each for each in json.loads(officer.html)["fields"]}
    assert found["first_says.plate"]["value"] == "甘A12345"
    assert found["form.weather"] | {"words_en": "Clear"} == found["form.weather"]
    assert "first_says.story" not in found, "the purpose does not cover it"
    assert found["form.phone"]["value"] == "13909310061", "the papers of articles 21 and 24 name it"
    officer.get(page).send("/fields/", purpose="paper", form="csv")
    assert "甘A54321" in officer.html
    looks = LookRecord.objects.filter(case_id=case.id, purpose="paper", party=case.parties["other"])
    assert looks.exists()


def test_the_second_side_gets_an_officer_without_a_reason(visitor: Visitor) -> None:
    case = report(visitor)
    both_tell(visitor, case)
    Visitor().get(link(case, "other", "second_asks")).task("second_asks").send("complete/", outcome="officer")
    found = door.load(case.id).items
    assert found["come"].state == "active"
    assert found["facts"].state == "terminated", "the online determination waits"


def test_nobody_fills_in_a_form_in_the_carriageway(visitor: Visitor) -> None:
    visitor.get("/en/matters/minor_accident/form/").send("", **{**REPORT, "a_safe": "no"})
    assert visitor.status == 422
    assert "Get to safety first" in visitor.text


def test_who_is_hurt_comes_first(visitor: Visitor) -> None:
    visitor.get("/en/matters/minor_accident/form/").send("", **{**REPORT, "a_hurt": "serious"})
    assert "Call 120 for help first" in visitor.text
    assert 'href="tel:120"' in visitor.html
    assert not ReceiptRecord.objects.exists(), "the form stops at the number"


def test_the_pictures_are_on_one_page(visitor: Visitor) -> None:
    visitor.get("/zh/scenarios/minor_accident/pictures/")
    assert visitor.status == 200
    assert visitor.html.count('class="picture"') == 38
    assert "道交法(2021)第四十三条" in visitor.text
    assert visitor.html.count("<title ") == 38
    ids = re.findall(r'\bid="([^"]+)"', visitor.html)
    assert len(ids) == len(set(ids))
    visitor.get("/zh/scenarios/public_need/pictures/")
    assert visitor.status == 200
    assert "没有示意图" in visitor.text
