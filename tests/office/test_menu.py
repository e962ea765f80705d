"""The night's menu: an office serves a model within its own territory, with a reason; everything else is told and changes nothing."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.shelf import project_shelf
from tests.web.site import Clock, clock, site_template  # noqa: F401

from zhuoli.core.scenario.queries import Serving
from zhuoli.office import acts, menu
from zhuoli.office.acts import By
from zhuoli.office.directory import FrozenDirectory, load_directory
from zhuoli.office.menu import Wrong
from zhuoli.store.models import ActRecord, ServingRecord

FIRE = project_shelf().scenarios["fire_equipment_due"]
COUNTY, CITY = "psb-620102", "dispatch-6201"
BY = By("wang", f"{COUNTY}/supervisor")


@pytest.fixture
def units(clock: Clock) -> FrozenDirectory:  # noqa: F811
    return load_directory(fresh=True)


def asked(units: FrozenDirectory, unit: str = COUNTY, territory: str = "620102", **given: str) -> Serving:
    return menu.wanted(FIRE, unit, territory, given, units)


def test_what_is_shipped_is_served_until_somebody_decides_otherwise(units: FrozenDirectory) -> None:
    found = menu.menu(FIRE)
    assert [line.serving.id for line in found.lines] == ["lanzhou", "province_month"]
    assert [one.id for one in found.served] == ["lanzhou", "province_month"]
    assert not any(line.own for line in found.lines)


def test_an_office_serves_changes_takes_off_and_puts_back(units: FrozenDirectory) -> None:
    made = menu.put(FIRE, asked(units, grace="30"), "先从快到期的查起", BY, COUNTY, 5)
    assert (made.id, made.territory, made.values) == ("psb_620102_1", "620102", {"grace": 30, "least": 1})
    assert made.title.zh == "城关区：过期多少天才算 30 天，至少几件 1 件"
    assert made.title.en.endswith(": Days past the date 30, Pieces at least 1")
    line = menu.menu(FIRE).line(made.id)
    assert line is not None
    assert (line.own, line.unit, line.on) == (True, COUNTY, True)
    assert menu.change(FIRE, line, asked(units, grace="60"), "太多了，看不过来", BY, COUNTY, 6)
    line = menu.menu(FIRE).line(made.id)
    assert line is not None
    assert line.serving.values["grace"] == 60
    assert not menu.change(FIRE, line, asked(units, grace="60"), "", BY, COUNTY, 7), "nothing is different"
    menu.switch(FIRE, made.id, "off", "整治结束了", BY, COUNTY, 8)
    assert made.id not in [one.id for one in menu.menu(FIRE).served]
    menu.switch(FIRE, made.id, "on", "又开始了", BY, COUNTY, 9)
    assert made.id in [one.id for one in menu.menu(FIRE).served]
    again = menu.put(FIRE, asked(units, grace="90"), "再加一档", BY, COUNTY, 10)
    assert again.id == "psb_620102_2"
    told = menu.history("fire_equipment_due")
    assert [each.what for each in told] == [
        "serving.put", "serving.on", "serving.off", "serving.change", "serving.put",
    ]  # fmt: skip
    assert told[3].details == {
        "reason": "太多了，看不过来",
        "territory": "620102",
        "values": {"grace": 60, "least": 1},
        "was": {"territory": "620102", "values": {"grace": 30, "least": 1}},
    }
    assert all((each.at, each.by, each.unit) == (10 - n, BY, COUNTY) or n for n, each in enumerate(told))
    assert acts.broken() is None


def test_a_serving_of_the_folder_can_be_changed_and_retired(units: FrozenDirectory) -> None:
    line = menu.menu(FIRE).line("lanzhou")
    assert line is not None
    wanted = asked(units, CITY, "6201", grace="14")
    assert menu.change(FIRE, line, wanted, "两周后再查", By(), CITY, 5)
    found = menu.menu(FIRE)
    assert [one.id for one in found.served] == ["lanzhou", "province_month"]
    changed = found.line("lanzhou")
    assert changed is not None
    assert (changed.own, changed.serving.values["grace"]) == (True, 14)
    menu.switch(FIRE, "", "retire", "查得不准", By(), CITY, 6, {"judged": 40, "confirmed": 10})
    assert not menu.menu(FIRE).served
    menu.switch(FIRE, "", "keep", "先留着看看", By(), CITY, 7, {"judged": 40, "confirmed": 10})
    assert menu.menu(FIRE).kept_at == 40
    assert not menu.menu(FIRE).on, "keeping it is no putting back"
    menu.switch(FIRE, "", "on", "登记册改好了", By(), CITY, 8)
    assert len(menu.menu(FIRE).served) == 2
    # Whoever retires what was changed keeps the change.
    menu.switch(FIRE, "lanzhou", "off", "本市不用了", By(), CITY, 9)
    off = menu.menu(FIRE).line("lanzhou")
    assert off is not None
    assert (off.own, off.on, off.serving.values["grace"]) == (True, False, 14)


@pytest.mark.parametrize(
    ("unit", "territory", "given", "fields"),
    [
        (COUNTY, "620103", {}, {"territory"}),
        (COUNTY, "6201", {}, {"territory"}),
        (COUNTY, "62", {}, {"territory"}),
        (COUNTY, "999999", {}, {"territory"}),
        (COUNTY, "x", {}, {"territory"}),
        (COUNTY, "620102006001", {}, {"territory"}),
        (COUNTY, "620103001000", {}, {"territory"}),
        ("station-620102001", "620102", {}, {"territory"}),
        (COUNTY, "620102", {"grace": "366"}, {"grace"}),
        (COUNTY, "620102", {"grace": "-1", "least": "x"}, {"grace", "least"}),
        (COUNTY, "620102", {"least": "０"}, {"least"}),
        (COUNTY, "620102", {"grace": "1.5"}, {"grace"}),
        (COUNTY, "", {"grace": "9" * 40}, {"territory", "grace"}),
    ],
)
def test_what_cannot_be_served_says_where_and_why(
    units: FrozenDirectory, unit: str, territory: str, given: dict[str, str], fields: set[str]
) -> None:
    with pytest.raises(Wrong) as wrong:
        asked(units, unit, territory, **given)
    assert set(wrong.value.fields) == fields
    assert all(said.zh and said.en for said in wrong.value.fields.values())


def test_a_reason_is_needed_and_the_same_is_not_served_twice(units: FrozenDirectory) -> None:
    for reason in ("", "  ", "好", "长" * 301):
        with pytest.raises(Wrong) as wrong:
            menu.put(FIRE, asked(units), reason, BY, COUNTY, 5)
        assert set(wrong.value.fields) == {"reason"}
    with pytest.raises(Wrong) as wrong:  # the folder serves the city so
        menu.put(FIRE, asked(units, CITY, "6201"), "再来一遍试试", BY, CITY, 5)
    assert set(wrong.value.fields) == {"territory"}
    assert not ServingRecord.objects.exists()
    assert not ActRecord.objects.exists()


def test_a_city_serves_its_counties_and_the_province_everything(units: FrozenDirectory) -> None:
    assert asked(units, CITY, "620103").territory == "620103"
    assert asked(units, CITY, "620100000000").territory == "6201"
    assert asked(units, "dispatch-62", "62").territory == ""
    assert menu.may_serve("dispatch-62", "", units)
    assert not menu.may_serve(CITY, "", units)
    assert not menu.may_serve(COUNTY, "620103", units)
    assert not menu.may_serve("nobody", "620102", units)


def test_parameters_that_no_longer_fit_are_not_run_but_shown(units: FrozenDirectory) -> None:
    made = menu.put(FIRE, asked(units, grace="300"), "先从最久的查起", BY, COUNTY, 5)
    assert FIRE.query is not None
    narrow = msgspec.structs.replace(FIRE.query.parameters["grace"], maximum=100)
    changed = msgspec.structs.replace(FIRE.query, parameters={**FIRE.query.parameters, "grace": narrow})
    found = menu.menu(msgspec.structs.replace(FIRE, query=changed))
    line = found.line(made.id)
    assert line is not None
    assert line.stale
    assert made.id not in [one.id for one in found.served]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(grace=st.integers(-10, 400), least=st.integers(-10, 600), blank=st.sampled_from(["", " "]))
def test_every_number_within_its_range_is_taken_and_no_other(
    units: FrozenDirectory, grace: int, least: int, blank: str
) -> None:
    fits = {"grace": 0 <= grace <= 365, "least": 1 <= least <= 500}
    given_ = {"grace": f"{blank}{grace}{blank}", "least": str(least)}
    if all(fits.values()):
        assert asked(units, **given_).values == {"grace": grace, "least": least}
        return
    with pytest.raises(Wrong) as wrong:
        asked(units, **given_)
    assert set(wrong.value.fields) == {name for name, good in fits.items() if not good}


VANS = project_shelf().scenarios["van_inspection_overdue"]
STREET = "620102001"


def test_towns_and_streets_are_served_too(units: FrozenDirectory) -> None:
    made = asked(units, f"station-{STREET}", STREET)
    assert made.territory == STREET
    assert asked(units, COUNTY, f"{STREET}000").territory == STREET
    assert asked(units, CITY, STREET).title.zh.startswith("城关区酒泉路街道")


def test_a_model_whose_registers_know_no_towns_says_so(units: FrozenDirectory) -> None:
    with pytest.raises(Wrong) as wrong:
        menu.wanted(VANS, COUNTY, STREET, {}, units)
    assert "不到乡镇" in wrong.value.fields["territory"].zh
