"""The shelf of models on pages: found by Chinese words among thousands, tried, served, compared, judged and retired, with a record."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from tests.lake.test_model import ROWS
from tests.web.site import BUREAU, CHIEF, DISPATCHER, Clock, Visitor, clock, demo, open_need, site_template  # noqa: F401

from zhuoli.lake.importing import import_file
from zhuoli.lake.nightly import due_night, run_night, take
from zhuoli.lake.precision import Precision
from zhuoli.office import acts
from zhuoli.store.models import CaseRecord, FoundRecord, NightRecord, ServingRecord
from zhuoli.web import door
from zhuoli.web.registers.known import registers
from zhuoli.web.shelf import finding, serve
from zhuoli.web.shelf.say import share

PROVINCE = "dispatch-62/dispatcher"
SUPERVISOR = "gov-62/supervisor"
FIRE = "fire_equipment_due"


@pytest.fixture
def lake(clock: Clock, demo: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:  # noqa: F811
    """Tiny registers in a data folder of their own."""
    monkeypatch.setattr(settings, "ENVIRONMENT", msgspec.structs.replace(settings.ENVIRONMENT, data=tmp_path))
    place = tmp_path / "lake"
    for name, rows in ROWS.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(rows, encoding="utf-8")
        made = import_file(place, registers(), name, path, now=clock.now)
        assert made.rejected == 0
    finding._entries.cache_clear()
    return place


def night(lake: Path, clock: Clock) -> None:  # noqa: F811
    office = door.office()
    day = due_night(clock.now, 0)
    assert take(day, "test", clock.now, again=True)
    assert run_night(office, lake, registers(), day=day, by="test") is not None


def test_a_model_is_found_by_chinese_words(lake: Path) -> None:
    officer = Visitor().be(BUREAU)
    assert "消防器材过期" in officer.get("/zh/shelf/").text
    assert "面包车逾期未检" in officer.text
    for q, title in (
        ("面包车检验", "面包车逾期未检"),
        ("灭火器", "消防器材过期"),
        ("overdue vans", "面包车逾期未检"),
    ):
        officer.get(f"/zh/shelf/?q={q}")
        assert title in officer.text, q
    assert "消防器材过期" not in officer.get("/zh/shelf/?q=面包车检验").text
    assert "没有这样的模型" in officer.get("/zh/shelf/?q=完全无关的词语").text
    assert "消防器材过期" in officer.get("/zh/shelf/?register=premises&theme=business&state=served").text
    assert "面包车逾期未检" not in officer.text
    for bad in ("theme=x", "register=x", "state=x", "order=x", "page=x", "page=-1"):
        assert officer.get(f"/en/shelf/?{bad}").status == 400, bad
    assert officer.get("/en/shelf/?page=999").status == 200
    assert Visitor().get("/en/shelf/").status == 403


def test_thousands_of_models_come_a_page_at_a_time(lake: Path) -> None:
    office = door.office()
    shelf = list(office.library.scenarios().values())
    fire = next(one for one in shelf if one.scenario == FIRE)
    many = [
        msgspec.structs.replace(
            fire, scenario=f"model_{n}", title=msgspec.structs.replace(fire.title, zh=f"第{n}号模型")
        )
        for n in range(2600)
    ]
    office.library.replace([*shelf, *many])
    finding._entries.cache_clear()
    officer = Visitor().be(BUREAU)
    page = officer.get("/zh/shelf/")
    assert page.html.count("<tr>") == finding.PER_PAGE + 1
    assert 'href="/zh/shelf/?page=105"' in page.html
    assert "第2599号模型" in officer.get("/zh/shelf/?q=第2599号模型").text
    # Ten thousand would be walked through in the same way; what stands in the store is read in three statements.
    assert officer.get("/zh/shelf/?state=served&order=precision&page=3").status == 200
    assert officer.html.count("<tr>") == finding.PER_PAGE + 1


def test_a_model_says_what_it_needs_finds_and_opens(lake: Path, clock: Clock) -> None:  # noqa: F811
    night(lake, clock)
    page = Visitor().be(BUREAU).get(f"/zh/shelf/{FIRE}/")
    for said in (
        "消防器材",
        "维保",
        "单位或企业",
        "兰州市",
        "随模型自带",
        "过期多少天才算",
        "0–365",
        "SELECT",
        "还没有结论",
        "消防监督由当地消防救援机构负责",
        "不低于 60%；够 20 个结论才看",
    ):
        assert said in page.text, said
    assert page.get("/en/shelf/nothing/").status == 404
    assert page.get("/en/shelf/public_need/").status == 404, "a matter without a query is no model"
    assert "1" in Visitor().be("gov-620102/administrator").get("/zh/shelf/nights/").text


def test_a_trial_over_registers_without_rows_says_so(
    clock: Clock,  # noqa: F811
    demo: None,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(settings, "ENVIRONMENT", msgspec.structs.replace(settings.ENVIRONMENT, data=tmp_path))
    officer = Visitor().be(CHIEF)
    officer.get(f"/zh/shelf/{FIRE}/serve/")
    officer.send("/serve/#trial", **{"p-grace": "0", "do": "try"})
    assert "0 个会被查到" in officer.text
    assert "还没有数据的登记册： 消防器材 、 场所和企业" in officer.text


def test_a_model_whose_data_did_not_change_is_said_to_be_left_alone(lake: Path, clock: Clock) -> None:  # noqa: F811
    night(lake, clock)
    officer = Visitor().be(CHIEF)
    assert "之后数据没变" not in officer.get("/zh/shelf/").text
    later = clock.now + 86_400_000
    NightRecord.objects.update(began=later, ended=later + 1_000)
    assert "之后数据没变，没有重查" in officer.get("/zh/shelf/").text


def test_trying_keeps_nothing_and_serving_is_recorded(lake: Path, clock: Clock) -> None:  # noqa: F811
    officer = Visitor().be(CHIEF)
    path = f"/zh/shelf/{FIRE}/serve/"
    officer.get(path)
    form = officer.form("/serve/#trial")
    assert ("territory", "620102") in form.fields
    assert {code[:6] for code in form.options["territory"]} == {"620102"}, "only one's own"
    assert "620102006" in form.options["territory"], "and the streets in it"
    officer.send("/serve/#trial", **{"p-grace": "0", "do": "try"})
    assert officer.status == 200
    assert "1 个会被查到" in officer.text
    assert "甲宾馆有 49 件消防器材过了维保日期" in officer.text
    assert "还没有数据的登记册" not in officer.text
    assert not ServingRecord.objects.exists()
    assert not CaseRecord.objects.exists()
    # Mistakes are told at their field, and what was typed stays.
    officer.send("/serve/#trial", **{"p-grace": "九", "reason": "城关先查", "do": "put"})
    assert officer.status == 422
    assert "写 0 到 365 之间的整数，不是“九”" in officer.text
    assert ("reason", "城关先查") in officer.form("/serve/#trial").fields
    officer.send("/serve/#trial", **{"p-grace": "10", "reason": "", "do": "put"})
    assert "写明理由" in officer.text
    officer.send("/serve/#trial", **{"p-grace": "10", "reason": "城关先查十天以上的", "do": "put"})
    assert officer.path == f"/zh/shelf/{FIRE}/"
    assert "已上架，今晚开始运行" in officer.text
    assert "城关先查十天以上的" in officer.text
    assert ServingRecord.objects.get().serving == "gov_620102_1"
    night(lake, clock)
    assert FoundRecord.objects.filter(serving="gov_620102_1").count() == 1
    # Its parameters are changed, it is taken off and put back; a stranger may not.
    officer.get(f"{path}?serving=gov_620102_1")
    officer.send("/serve/#trial", **{"p-grace": "20", "reason": "先看更久的", "do": "put"})
    assert "已改好" in officer.text
    stranger = Visitor().be("gov-620103/supervisor")
    assert stranger.get(f"{path}?serving=gov_620102_1").status == 403
    assert "gov_620102_1" not in stranger.get(f"/zh/shelf/{FIRE}/").html
    officer.get(f"/zh/shelf/{FIRE}/")
    off = next(
        form for form in officer.forms if {("serving", "gov_620102_1"), ("what", "off")} <= set(form.fields)
    )
    officer.forms = [off]
    officer.send("/decide/", reason="短")
    assert "还没有决定" in officer.text
    assert 'value="短"' in officer.html, "what was typed stays"
    assert '<details class="act" open>' in officer.html, "where it is to be mended is open"
    assert officer.status == 422
    assert officer.text.count("写明理由") == 2, "at the top and at its field"
    officer.forms = [
        form for form in officer.forms if {("serving", "gov_620102_1"), ("what", "off")} <= set(form.fields)
    ]
    officer.send("/decide/", reason="整治结束")
    assert "已下架，今晚起不再运行" in officer.text
    assert not ServingRecord.objects.get().on
    assert acts.broken() is None
    street = Visitor().be("station-620102001/officer")
    street.get(path)
    assert set(street.form("/serve/#trial").options["territory"]) == {"620102001"}, (
        "a station serves its own street"
    )
    assert street.get("/zh/shelf/van_inspection_overdue/serve/").text.count("请上级单位上架") == 1


def test_a_trial_that_takes_too_long_or_fails_is_told(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    officer = Visitor().be(DISPATCHER)
    monkeypatch.setattr(serve, "_WAIT", 0.01)
    assert serve._turn.acquire(timeout=1)
    try:
        officer.get(f"/zh/shelf/{FIRE}/serve/").send("/serve/#trial", do="try")
        assert "别人正在试" in officer.text
    finally:
        serve._turn.release()
    monkeypatch.setattr(serve, "LONGEST", 0.0)
    officer.get(f"/zh/shelf/{FIRE}/serve/").send("/serve/#trial", do="try")
    assert officer.status == 200
    assert officer.get(f"/en/shelf/{FIRE}/compare/?a=serving:lanzhou&b=serving:province_month").status in (
        200,
        422,
    )


LATE, UNIT = "case_about_late", "urban-620102"


def test_models_of_our_own_work_name_cases_matters_and_units(lake: Path, clock: Clock) -> None:  # noqa: F811
    open_need(Visitor())
    one = CaseRecord.objects.get()
    day = "2026-02-20"
    for name, rows in {
        "loop_cases": "case_id,scenario,version,channel,status,territory,county,unit,opened,promised,stopped,late,late_statutory,urges,reopenings\n"
        f"{one.id},public_need,1,web,accepted,620102006000,620102000000,{UNIT},{day} 09:00,2026-03-05 12:00,false,false,false,0,0\n",
        "loop_entries": f"position,case_id,seq,recorded,command,actor_kind,events\n1,{one.id},1,{day} 09:00,open,party,opened\n",
    }.items():
        path = lake.parent / f"{name}.csv"
        path.write_text(rows, encoding="utf-8")
        assert import_file(lake, registers(), name, path, now=clock.now).rejected == 0
    officer = Visitor().be(PROVINCE)
    officer.get(f"/zh/shelf/{LATE}/serve/")
    officer.send("/serve/#trial", do="try", **{"p-days": "14", "p-quiet": "1"})
    assert "1 个会被查到" in officer.text
    title = door.scenarios()["public_need"].title
    unit = door.directory().name(UNIT)
    assert unit is not None
    for said in (one.receipt, title.zh, unit.zh):
        assert said in officer.text, said
    assert "public_need" not in officer.text
    assert UNIT not in officer.text
    # And so does the case that the night opens, which tells the reason once, in the reader's language.
    Visitor().be(BUREAU).get(f"/en/desk/cases/{one.id}/").send("/accept/")
    clock.pass_hours(24 * 6)
    night(lake, clock)
    found = CaseRecord.objects.get(scenario=LATE)
    office = Visitor().be(f"{found.unit}/supervisor").get(f"/en/desk/cases/{found.id}/")
    for named in (one.receipt, title.en, unit.en, "nothing was recorded since 2026-03-04"):
        assert named in office.text, named
    assert "最近一次办理是" not in office.text
    assert "public_need" not in office.text


def test_two_servings_are_compared(lake: Path) -> None:
    officer = Visitor().be(DISPATCHER)
    officer.get(f"/zh/shelf/{FIRE}/compare/")
    officer.send("/compare/", a="serving:lanzhou", b="serving:province_month")
    assert officer.status == 200
    for said in ("只有 A 查到 0", "只有 B 查到 1", "两边都查到 1", "乙商行有 12 件消防器材"):
        assert said in officer.text, said
    assert officer.get(f"/zh/shelf/{FIRE}/compare/?a=now&b=now").status == 422
    assert officer.get(f"/zh/shelf/{FIRE}/compare/?a=x&b=now").status == 400
    assert not CaseRecord.objects.exists()


def test_a_version_is_compared_with_an_earlier_one(lake: Path, clock: Clock) -> None:  # noqa: F811
    night(lake, clock)  # cases keep the version that found them
    office = door.office()
    shelf = list(office.library.scenarios().values())
    fire = next(one for one in shelf if one.scenario == FIRE)
    newer = msgspec.structs.replace(fire, version="", sql=fire.sql.replace(">= s.least", ">= s.least + 20"))
    office.library.replace([newer if one is fire else one for one in shelf])
    officer = Visitor().be(DISPATCHER)
    officer.get(f"/zh/shelf/{FIRE}/compare/")
    old = f"version:{fire.version}"
    assert old in officer.form("/compare/").options["b"]
    officer.send("/compare/", a=old, b="now")
    for said in ("只有 A 查到 1", "乙商行", "只有 B 查到 0", "两边都查到 1"):
        assert said in officer.text, said


def test_of_a_model_that_uses_personal_data_hits_are_counted_and_not_listed(lake: Path) -> None:
    office = door.office()
    shelf = list(office.library.scenarios().values())
    fire = next(one for one in shelf if one.scenario == FIRE)
    query = msgspec.structs.replace(fire.query, personal={"vans.plate": fire.title})
    shelf = [msgspec.structs.replace(one, query=query) if one is fire else one for one in shelf]
    office.library.replace(shelf)
    officer = Visitor().be(DISPATCHER)
    officer.get(f"/zh/shelf/{FIRE}/serve/").send("/serve/#trial", do="try")
    assert "1 个会被查到" in officer.text
    assert "只数不列" in officer.text
    assert "甲宾馆" not in officer.text
    officer.get(f"/zh/shelf/{FIRE}/compare/?a=serving:lanzhou&b=serving:province_month")
    assert "只有 B 查到 1" in officer.text
    assert "乙商行" not in officer.text


def judge(serving: str, right: int, wrong: int) -> None:
    """Let cases of a serving have ended so; rows as the ledger would have left them."""
    first = CaseRecord.objects.filter(channel="model").order_by("id").first()
    assert first is not None
    for number in range(right + wrong):
        case = CaseRecord.objects.get(pk=first.pk)
        case.id = first.id + 1000 + number
        case.receipt = f"ZL-{number}"
        case.status, case.result = "settled", "fixed" if number < right else "not_so"
        case.save(force_insert=True)
        FoundRecord.objects.create(case_id=case.id, serving=serving, scenario=FIRE)


def test_below_its_floor_a_person_is_asked(lake: Path, clock: Clock) -> None:  # noqa: F811
    night(lake, clock)
    judge("lanzhou", 5, 20)
    everybody = Visitor().be(BUREAU)
    assert "建议下架" in everybody.get("/zh/shelf/?state=proposed").text
    page = everybody.get(f"/zh/shelf/{FIRE}/")
    assert "25 个结论里准确率 20%，95% 区间 9–39%，全部低于下限 60%" in page.text
    assert "决定下架" not in page.text, "an officer of a district does not decide"
    chief = Visitor().be(SUPERVISOR)
    chief.get(f"/zh/shelf/{FIRE}/")
    keep = [form for form in chief.forms if {("serving", "lanzhou"), ("what", "keep")} <= set(form.fields)]
    chief.forms = keep
    chief.send("/decide/", reason="登记册刚更正过，再看看")
    assert "已保留" in chief.text
    assert "当时：25 个结论，准确率 20%，下限 60%" in chief.text
    assert ServingRecord.objects.get(serving="lanzhou").kept_at == 25
    chief.forms = [form for form in chief.forms if {("serving", ""), ("what", "retire")} <= set(form.fields)]
    chief.send("/decide/", reason="查得不准，先停")
    assert "已整个下架" in chief.text
    night(lake, clock)
    assert "没有这样的模型" in Visitor().be(BUREAU).get("/zh/shelf/?state=proposed").text
    assert "已下架" in everybody.get("/zh/shelf/?state=unserved").text
    # A second press of the old button finds nothing proposed any more.
    chief.get(f"/zh/shelf/{FIRE}/")
    form = next(form for form in chief.forms if ("what", "on") in form.fields)
    form.fields = [(name, "keep" if name == "what" else value) for name, value in form.fields]
    chief.forms = [form]
    assert chief.send("/decide/", reason="再点一次看看").status == 409


def test_one_verdict_is_one() -> None:
    assert share(Precision(confirmed=1, not_so=0, duplicate=0)).en.endswith("of 1 verdict")
    assert share(Precision(confirmed=1, not_so=1, duplicate=0)).en.endswith("of 2 verdicts")
