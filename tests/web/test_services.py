"""The service guides on the portal: found in everyday words, honest about how far they go."""

from __future__ import annotations

import csv
import io

import pytest
from tests.web.site import Clock, Visitor, clock, site_template, visitor  # noqa: F401

from zhuoli.web.services import pages


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("身份证丢了", "lost_card"),
        ("新车上牌", "new_vehicle"),
        ("孩子上户口", "birth_registration"),
        ("驾照到期", "licence_expired"),
        ("护照过期", "passport_renew"),
        ("电动车被偷", "small_report"),
        ("二手车过户", "transfer"),
        ("无犯罪记录", "no_record"),
        ("保安证", "guard_card"),
        ("lost card", "lost_card"),
        ("first passport", "passport_first"),
        ("new vehicle", "new_vehicle"),
        ("身份证快过期了", "expired_card"),
        ("身份证掉了怎么补", "lost_card"),
        ("娃娃上户口", "birth_registration"),
        ("孩子改名字", "name_change"),
        ("老人去世销户", "death_cancellation"),
        ("结婚迁户口", "spouse_move"),
        ("买了房想落户", "home_move"),
        ("租房住要办什么", "residence_registration"),
        ("去香港玩办什么证", "hk_pass"),
        ("出国旅游办护照", "passport_first"),
        ("老外来住几天要登记吗", "lodging_registration"),
        ("外地车转进来", "moved_owner"),
        ("车牌掉了", "plate_replace"),
        ("行驶证丢了", "licence_replace"),
        ("驾照过期了", "licence_expired"),
        ("扣了12分怎么办", "full_points"),
        ("被贴罚单不服", "review"),
        ("车被拖走了去哪取", "vehicle_release"),
        ("追尾了怎么办", "minor_accident"),
        ("开网吧要什么手续", "cafe_review"),
        ("办演唱会要批吗", "event_small"),
        ("养狗办证", "dog"),
        ("邻居打架调解", "dispute"),
        ("欠薪找律师", "legal_help"),
        ("电瓶车上牌", "ebike"),
        ("刻公章", "seal_filing"),
        ("代办户口本补办", "register_replacement"),
        ("fix my stolen e-bike", "small_report"),
        ("child passport", "passport_first"),
        ("lost driving licence", "licence_lost"),
        ("new baby", "birth_registration"),
        ("fine appeal", "review"),
    ],
)
def test_everyday_words_find_the_service(clock: Clock, said: str, wanted: str) -> None:  # noqa: F811
    found = [each.id for each in pages.find(said)]
    assert wanted in found[:3], found[:5]
    assert len(found) < 30


def test_words_that_fit_nothing_find_nothing(visitor: Visitor) -> None:  # noqa: F811
    page = visitor.get("/zh/services/?q=量子引力")
    assert page.status == 200
    assert "没有找到" in page.text


def test_the_first_page_counts_honestly(visitor: Visitor) -> None:  # noqa: F811
    page = visitor.get("/en/services/")
    everything = pages.catalogue().guides
    assert f"{len(everything)} public-security services" in page.text
    assert f"{sum(bool(each.scenario) for each in everything)} of them run here" in page.text


def test_a_guide_only_offers_no_button_and_a_running_one_does(visitor: Visitor) -> None:  # noqa: F811
    guide = visitor.get("/zh/services/passport_first/").text
    assert "只有指南" in guide
    assert "开始办理" not in guide
    assert "护照法" in guide
    running = visitor.get("/zh/services/exam_card/").html
    assert "/zh/matters/exam_id_green_channel/" in running
    uncertain = visitor.get("/zh/services/hotel_licence/").text
    assert "请向本地核对" in uncertain


def test_wrong_addresses_say_so(visitor: Visitor) -> None:  # noqa: F811
    assert visitor.get("/zh/services/no_such/").status == 404
    assert visitor.get("/zh/services/?theme=no_such").status == 400


def test_the_sheet_holds_every_service(visitor: Visitor) -> None:  # noqa: F811
    rows = list(csv.reader(io.StringIO(visitor.get("/en/services.csv").html.lstrip("\ufeff"))))
    assert len(rows) == 1 + len(pages.catalogue().guides)
    assert {len(row) for row in rows} == {11}
