"""The box: what it proposes, what it does with danger, and that it forgets what was said."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from tests.web.site import Clock, Visitor, open_need

from zhuoli.web import door
from zhuoli.web.portal import guess, say
from zhuoli.web.portal.matters import proposals

SECRET = "Quetzalcoatl 的路灯不亮"


def typed(visitor: Visitor, said: str) -> Visitor:
    """What somebody sees while typing."""
    visitor.get("/zh/" if re.search("[一-龥]", said) else "/en/")
    token = dict(visitor.form("/say/").fields)["csrfmiddlewaretoken"]
    answer = visitor.client.post(
        visitor.form("/say/").action, {"csrfmiddlewaretoken": token, "said": said}, HTTP_HX_REQUEST="true"
    )
    visitor.html, visitor.status, visitor.headers = (
        answer.content.decode(),
        answer.status_code,
        answer.headers,
    )
    return visitor


def test_unit_and_promise_while_typing(visitor: Visitor) -> None:
    typed(visitor, "酒泉路的路灯不亮")
    assert "<html" not in visitor.html
    assert "由城关区城市管理局办理" in visitor.html
    assert "承诺5个工作日内答复" in re.sub(r"\s", "", visitor.html)
    assert "因为您说到了兰州市城关区酒泉路街道" in visitor.html
    assert visitor.headers["Cache-Control"] == "no-store"


def test_kind_of_unit_where_the_place_is_not_known(visitor: Visitor) -> None:
    typed(visitor, "lost my identity card before the gaokao")
    assert "Identity card for exam candidates" in visitor.html
    assert "the local office for Household registration" in visitor.html


def test_dispatcher_where_nothing_says_whose_it_is(visitor: Visitor) -> None:
    typed(visitor, "求助，没人管")
    assert "调度中心看过后" in visitor.html


def test_at_most_three(visitor: Visitor) -> None:
    assert len(say.proposed("身份证 企业 难题 路灯 噪声 高考 停车 落户 投诉")) <= 3


def test_none_of_these_carries_the_words_on(visitor: Visitor) -> None:
    visitor.get("/zh/").send("/say/", said="高考前身份证丢了")
    assert "都不是，就按这几句话提出来" in visitor.text
    visitor.send("/public_need/form/")
    assert "高考前身份证丢了</textarea>" in visitor.html


def test_nothing_found_is_still_taken(visitor: Visitor) -> None:
    visitor.get("/en/").send("/say/", said="xyzzy")
    assert "Nothing fits" in visitor.text
    visitor.send("/public_need/form/")
    assert "xyzzy</textarea>" in visitor.html


def test_danger_comes_first_and_blocks_nothing(visitor: Visitor) -> None:
    typed(visitor, "kitchen is on fire")
    assert visitor.html.index('href="tel:119"') < visitor.html.index("aise it in these words")
    visitor.get("/en/").send("/say/", said="kitchen is on fire")
    assert 'href="tel:119"' in visitor.html
    assert "This page calls nobody for you" in visitor.text


def test_empty_box_shows_nothing(visitor: Visitor) -> None:
    assert "<ul" not in typed(visitor, "  ").html
    assert typed(visitor, "路").status == 200


def test_what_the_words_suggest_is_filled_in(visitor: Visitor) -> None:
    visitor.get("/zh/").send("/say/", said="城关区酒泉路的路灯不亮")
    visitor.send("/public_need/form/")
    form = visitor.form("")
    assert ("a-category", "road_lighting") in form.fields
    assert ("a-place", "620102001000") in form.fields


def test_words_are_neither_kept_nor_logged(
    visitor: Visitor, clock: Clock, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for _ in range(2):
        typed(visitor, SECRET)
    visitor.get("/zh/").send("/say/", said=SECRET)
    visitor.send("/public_need/form/")
    assert SECRET in visitor.html
    out, err = capfd.readouterr()
    queries = [record.getMessage() for record in caplog.records if record.name.startswith("django.request")]
    assert not any("Quetzalcoatl" in line for line in [out, err, *queries])
    kept = Path(connections["default"].settings_dict["NAME"]).read_bytes()
    wal = Path(str(connections["default"].settings_dict["NAME"]) + "-wal")
    assert b"Quetzalcoatl" not in kept + (wal.read_bytes() if wal.exists() else b"")
    cached = Path(settings.CACHES["default"]["LOCATION"])
    assert not any(b"Quetzalcoatl" in path.read_bytes() for path in cached.rglob("*") if path.is_file())


def test_guess_is_only_made_where_one_choice_is_nearest(clock: Clock) -> None:
    plan = door.plan("public_need")
    assert "category" not in guess.guesses(plan, "求助")
    assert guess.guesses(plan, "噪声太大")["category"] == "noise"


# --- places -------------------------------------------------------------------------------------------------


def post(visitor: Visitor, path: str, **values: str) -> dict[str, object]:
    import json

    visitor.get("/en/")
    token = dict(visitor.form("/say/").fields)["csrfmiddlewaretoken"]
    answer = visitor.client.post(path, {"csrfmiddlewaretoken": token, **values})
    visitor.status = answer.status_code
    return json.loads(answer.content) if answer["Content-Type"] == "application/json" else {}


def test_places_by_words(visitor: Visitor) -> None:
    found = post(visitor, "/zh/places/find/", q="城关酒泉路")["places"]
    assert found[0] == ["620102001000", "兰州市城关区酒泉路街道"]  # type: ignore[index]
    found = post(visitor, "/en/places/find/", q="jqljd")["places"]
    assert found[0][1] == "Jiuquanlu Subdistrict, Chengguan District, Lanzhou City"  # type: ignore[index]
    assert post(visitor, "/en/places/find/", q=" ")["places"] == []


def test_county_of_a_point(visitor: Visitor) -> None:
    assert post(visitor, "/zh/places/at/", point="103.84,36.05") == {"code": "620102000000", "name": "城关区"}
    assert post(visitor, "/zh/places/at/", point="116.4,39.9") == {"code": "", "name": ""}
    for wrong in ("", "x,y", "1", "1,2,3", "900,1", "nan,nan"):
        post(visitor, "/zh/places/at/", point=wrong)
        assert visitor.status == 400, wrong


def test_outlines_for_the_map(visitor: Visitor) -> None:
    answer = visitor.client.get("/zh/places/counties.geojson", headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Type"] == "application/geo+json"
    assert answer["Content-Encoding"] == "gzip"
    assert "max-age" in answer["Cache-Control"]
    visitor.get("/zh/places/counties.geojson")
    assert '"zh":"城关区"' in visitor.html


def test_point_proposes_the_county_and_never_changes_a_place(clock: Clock) -> None:
    from types import SimpleNamespace as Bag

    from zhuoli.web import places

    def ask(kind: str) -> object:
        return Bag(question=Bag(type=kind, relevant=""))

    form = Bag(questions={"spot": ask("point"), "place": ask("place")})
    filled = places.from_point(form, {"spot": "103.84,36.05"})  # type: ignore[arg-type]
    assert filled["place"] == "620102000000"
    kept = places.from_point(form, {"spot": "103.84,36.05", "place": "620103000000"})  # type: ignore[arg-type]
    assert kept["place"] == "620103000000", "the code wins"
    assert "place" not in places.from_point(form, {"spot": "116.4,39.9"})  # type: ignore[arg-type]
    assert "place" not in places.from_point(form, {})  # type: ignore[arg-type]


def test_tiles_open_the_policy_and_only_then(visitor: Visitor) -> None:
    from zhuoli.settings import _origin

    visitor.get("/zh/")
    assert "img-src 'self' data:;" in visitor.headers["Content-Security-Policy"] + ";"
    assert _origin("https://{s}.tiles.example/{z}/{x}/{y}.png") == ["https://*.tiles.example"]
    assert _origin("") == []


# --- my matters ---------------------------------------------------------------------------------------------


def test_my_matters_lists_what_this_session_holds(visitor: Visitor, clock: Clock) -> None:
    visitor.get("/en/my/")
    assert "No matter has been opened" in visitor.text
    first, second = open_need(visitor), open_need(visitor)
    visitor.get("/en/my/")
    assert first in visitor.text
    assert second in visitor.text
    assert "Chengguan District Urban Management Bureau: is deciding whether to accept it" in visitor.text
    assert visitor.headers["Cache-Control"] == "no-store"
    assert first not in Visitor().get("/en/my/").text
    visitor.get("/en/")
    assert "See my matters" in visitor.text


def test_matter_page_says_what_one_must_know(visitor: Visitor) -> None:
    visitor.get("/en/matters/public_need/")
    for said in (
        "within 5 working days",
        "by law at most 60 calendar days",
        "Residents",
        "How it can end",
        "What it is",
    ):
        assert said in visitor.text, said


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("家门口的路灯坏了三天了", "public_need"),
        ("The street light outside my door has been dark for three days", "public_need"),
        ("电动车被偷了", "small_case"),
        ("楼上漏水，邻居不认账，想调解", "dispute_mediation"),
        ("老板欠工资不给，想找律师", "legal_service_request"),
        ("大学毕业想落户", "talent_registration"),
        ("高考前身份证丢了", "exam_id_green_channel"),
        ("工厂门口货车进不来，要停产了", "enterprise_problem_list"),
    ],
)
def test_what_people_say_every_day_finds_its_matter_first(clock: Clock, said: str, first: str) -> None:
    assert proposals(said)[0].id == first, [each.id for each in proposals(said)]
