"""Units made from the list, and the directory over them, against brute force."""

from __future__ import annotations

from collections import Counter
from timeit import timeit

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhuoli.core.scenario.directory_words import COMPETENCES, OTHER_ROLES, ROLES
from zhuoli.core.text import Text
from zhuoli.places import Places, packaged_divisions
from zhuoli.places.posts import POSTS, make_posts
from zhuoli.places.units import KINDS, OfficeUnit, make_units

pytest.importorskip("django")


@pytest.fixture(scope="module")
def units() -> tuple[OfficeUnit, ...]:
    return make_units(packaged_divisions())


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(packaged_divisions())


@pytest.fixture(scope="module")
def names() -> dict[str, Text]:
    return {row.code: row.name for row in packaged_divisions()}


@pytest.fixture(scope="module")
def directory(units: tuple[OfficeUnit, ...], names: dict[str, Text]) -> object:
    import django

    django.setup()
    from zhuoli.office.directory import FrozenDirectory

    return FrozenDirectory(units, names)


def test_how_many(units: tuple[OfficeUnit, ...]) -> None:
    # 43 of the 1,403 are farms, parks and company areas; Jiayuguan has no county units.
    assert Counter(unit.kind for unit in units) == {
        "province": 1,
        "government": 14 + 87,
        "psb": 1 + 14 + 87,
        "station": 1360,
        "subdistrict": 1360,
        "bureau": 12 + 13 * (14 + 87),
        "justice": 1360 + 1 + 14 + 87,
        "dispatch": 1 + 14,
        "partner": 3 * (1 + 14) + 87,
        "insurer": 3,
    }
    assert {unit.kind for unit in units} <= set(KINDS)
    assert all(unit.generated for unit in units)


def test_names_and_ids_are_unique(units: tuple[OfficeUnit, ...]) -> None:
    for values in ([u.id for u in units], [u.name_zh for u in units], [u.name_en for u in units]):
        assert len(set(values)) == len(units)


@pytest.mark.parametrize(
    ("key", "zh", "en", "superior"),
    [
        ("psb-62", "甘肃省公安厅", "Gansu Province Public Security Department", "gov-62"),
        ("psb-6201", "兰州市公安局", "Lanzhou Public Security Bureau", "psb-62"),
        (
            "psb-620102",
            "兰州市公安局城关分局",
            "Lanzhou Public Security Bureau, Chengguan District Branch",
            "psb-6201",
        ),
        ("psb-620122", "皋兰县公安局", "Gaolan County Public Security Bureau", "psb-6201"),
        (
            "station-620102001",
            "兰州市公安局城关分局酒泉路派出所",
            "Jiuquanlu Police Station, Chengguan District",
            "psb-620102",
        ),
        ("station-620201001", "嘉峪关市公安局雄关派出所", "Xiongguan Police Station, Jiayuguan", "psb-6202"),
        (
            "street-620102001",
            "城关区酒泉路街道办事处",
            "Jiuquanlu Subdistrict Office, Chengguan District",
            "gov-620102",
        ),
        ("street-620122100", "皋兰县石洞镇人民政府", "Shidong Town Office, Gaolan County", "gov-620122"),
        ("gov-620171", "兰州新区管理委员会", "Lanzhou New Area Administrative Committee", "gov-6201"),
        ("urban-620102", "城关区城市管理局", "Chengguan District Urban Management Bureau", "gov-620102"),
        ("dispatch-6201", "兰州市接诉即办中心", "Lanzhou Dispatch Centre", "gov-6201"),
        ("psb-622926", "东乡县公安局", "Dongxiang County Public Security Bureau", "psb-6229"),
        ("transport-62", "甘肃省交通运输厅", "Gansu Province Transport Department", "gov-62"),
        ("fire-620102", "城关区消防救援大队", "Chengguan District Fire and Rescue Brigade", "fire-6201"),
        ("aid-620102", "城关区法律援助中心", "Chengguan District Legal Aid Centre", "justice-620102"),
        (
            "judicial-620102001",
            "城关区酒泉路司法所",
            "Jiuquanlu Judicial Office, Chengguan District",
            "justice-620102",
        ),
        ("court-6201", "兰州市中级人民法院", "Lanzhou Intermediate People's Court", "court-62"),
        ("court-620102", "城关区人民法院", "Chengguan District People's Court", "court-6201"),
        ("lawyers-6201", "兰州市律师协会", "Lanzhou Lawyers Association", ""),
    ],
)
def test_worked_examples(units: tuple[OfficeUnit, ...], key: str, zh: str, en: str, superior: str) -> None:
    unit = next(unit for unit in units if unit.id == key)
    assert (unit.name_zh, unit.name_en, unit.superior) == (zh, en, superior)


def test_posts(units: tuple[OfficeUnit, ...]) -> None:
    posts = list(make_posts(units))
    assert len({post.id for post in posts}) == len(posts)
    assert set(POSTS) == set(KINDS)
    assert {held for unit in units for held in unit.competences} == set(COMPETENCES)
    roles = {role for post in posts for role in post.roles}
    assert roles == {*ROLES, *OTHER_ROLES}
    kinds = {unit.id: unit.kind for unit in units}
    where: dict[str, set[str]] = {}
    for post in posts:
        for role in post.roles:
            where.setdefault(role, set()).add(kinds[post.unit])
    assert where["dispatcher"] == where["phone_desk"] == {"dispatch"}
    assert where["administrator"] == {"province", "government", "psb"}
    assert where["auxiliary"] == {"station"}
    assert where["partner"] == {"partner"}
    assert where["insurer"] == {"insurer"}
    # Whoever keeps accounts or writes scenarios handles no cases, and nobody outside answers for our units.
    for post in posts:
        if set(post.roles) & {"administrator", "author", "partner", "insurer"}:
            assert len(post.roles) == 1, post
    handled = {
        post.unit for post in posts if set(post.roles) & {"officer", "dispatcher", "partner", "insurer"}
    }
    assert handled == set(kinds)


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_responsible_is_the_longest_prefix(
    units: tuple[OfficeUnit, ...], places: Places, directory: object, data: st.DataObject
) -> None:
    place = places.all[data.draw(st.integers(0, len(places) - 1))]
    competence = data.draw(st.sampled_from(sorted(COMPETENCES)))
    # Brute force over the path of the place, by parents instead of prefixes.
    above = [each.code for each in reversed(places.path(place.code))]
    holders = {unit.territory: unit.id for unit in units if competence in unit.competences}
    oracle = next((holders[code] for code in above if code in holders), None)
    assert oracle is not None
    assert directory.responsible(competence, place.code) == oracle  # type: ignore[attr-defined]
    centres = {unit.territory: unit.id for unit in units if unit.kind == "dispatch"}
    assert directory.dispatcher(place.code) == next(centres[code] for code in above if code in centres)  # type: ignore[attr-defined]


def test_directory_answers(directory: object) -> None:
    from zhuoli.office.directory import FrozenDirectory

    assert isinstance(directory, FrozenDirectory)
    assert directory.dispatcher("") == "dispatch-62"
    assert directory.responsible("traffic", "") is None
    assert directory.responsible("nothing", "620102001000") is None
    # A farm without an office of its own: the county's.
    assert directory.responsible("social_affairs", "620102400000") == "civil-620102"
    assert directory.superior("psb-6201") == "psb-62"
    assert directory.superior("gov-62") is None
    assert directory.superior("none") is None
    assert directory.name("none") is None
    assert directory.place("620102001000") == Text("酒泉路街道", "Jiuquanlu Subdistrict")
    assert directory.place("x") is None


def test_every_chain_ends_at_the_top(directory: object) -> None:
    for key in directory.units:  # type: ignore[attr-defined]
        steps = 0
        here: str | None = key
        while here:
            last, here = here, directory.superior(here)  # type: ignore[attr-defined]
            steps += 1
            assert steps < 8
        # No government stands above a court, nor above an association.
        partner = directory.unit(last).kind in ("partner", "insurer")  # type: ignore[attr-defined]
        assert last == ("court-62" if key.startswith("court") else key if partner else "gov-62")


def test_lookups_are_quick(directory: object) -> None:
    runs = 20_000
    for call in (
        lambda: directory.responsible("public_order", "620102001005"),  # type: ignore[attr-defined]
        lambda: directory.dispatcher("620102001005"),  # type: ignore[attr-defined]
        lambda: directory.name("psb-62"),  # type: ignore[attr-defined]
    ):
        # Measured 0.3 µs; a shared machine may be ten times slower, never a database away.
        assert min(timeit(call, number=runs) for _ in range(3)) / runs < 5e-6


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"superior": "gov-99"}, "superior_missing"),
        ({"superior": "street-620102001"}, "superior_circle"),
        ({"territory": "990000000000"}, "territory_unknown"),
        ({"competences": ("public_order",)}, "two_responsible"),
    ],
)
def test_a_broken_directory_is_refused(
    units: tuple[OfficeUnit, ...],
    names: dict[str, Text],
    directory: object,
    change: dict[str, object],
    code: str,
) -> None:
    from zhuoli.office.directory import BadDirectory, FrozenDirectory

    broken = [
        msgspec.structs.replace(unit, **change) if unit.id == "street-620102001" else unit for unit in units
    ]
    with pytest.raises(BadDirectory) as caught:
        FrozenDirectory(broken, names)
    assert caught.value.code == code
    assert caught.value.remedy.zh


def test_version_tells_directories_apart(
    units: tuple[OfficeUnit, ...], names: dict[str, Text], directory: object
) -> None:
    from zhuoli.office.directory import BadDirectory, FrozenDirectory

    assert FrozenDirectory(reversed(units), names).version == directory.version  # type: ignore[attr-defined]
    renamed = [msgspec.structs.replace(units[0], name_zh="别的名字"), *units[1:]]
    assert FrozenDirectory(renamed, names).version != directory.version  # type: ignore[attr-defined]
    with pytest.raises(BadDirectory, match="no_dispatcher"):
        FrozenDirectory([unit for unit in units if unit.kind != "dispatch"], names)
