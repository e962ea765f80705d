"""Units and posts made from the list of divisions, so that every real place has somebody responsible.

They are *generated*: their names follow the usual pattern, their existence has not been checked. An operator
replaces them by the real ones. What is made:

- the province, every city and every county: a government, the bureaus of ``_BUREAUS`` and a legal aid centre; the
  province and every city a dispatch centre;
- public security (条为主: the line runs up within public security): provincial department → city bureau → county
  bureau, or branch in a district → police station;
- every street, town and township: an office (superior: the county's government), a police station, and a judicial
  office (司法所, superior: the county's justice bureau), which is where people's mediation is guided;
- ecology and environment (垂直管理, 2016) and fire and rescue run up their own lines as well; other bureaus answer to
  the government of their level, which is also who reviews their decisions (行政复议法 2023 art. 24);
- partners, which no government is above: a court for the province, every city and every county (their line runs up
  within the courts), an association of lawyers and one of banks for the province and every city;
- three motor insurers of the province, called First to Third: which companies there really are the operator enters.

Not made: county units in Jiayuguan, a city without counties (its streets answer to the city), and offices for the
farms, parks and company areas of the list that are neither street, town nor township (the county's serve them).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from zhuoli.core.text import Text
from zhuoli.places.divisions import Division
from zhuoli.places.english import without_peoples

Kind = Literal[
    "province",
    "government",
    "psb",
    "station",
    "subdistrict",
    "bureau",
    "justice",
    "dispatch",
    "partner",
    "insurer",
]

KINDS: dict[str, Text] = {
    "province": Text("省人民政府", "Provincial government"),
    "government": Text("市、州、县、区人民政府", "City or county government"),
    "psb": Text("公安机关", "Public security"),
    "station": Text("派出所", "Police station"),
    "subdistrict": Text("街道、乡镇", "Subdistrict or township"),
    "bureau": Text("其他部门", "Bureau"),
    "justice": Text("司法所、法律援助中心", "Judicial office or legal aid centre"),
    "dispatch": Text("接诉即办中心", "Dispatch centre"),
    "partner": Text("合作单位", "Partner body"),
    "insurer": Text("保险公司", "Insurer"),
}

GENERATED = Text("单位由真实街道名单生成", "Units are generated from the real list of streets")
"""What screens say beside generated units."""


class OfficeUnit(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One unit; the fields are those of ``store.models.places.Unit``."""

    id: str
    kind: str
    name_zh: str
    name_en: str
    short_zh: str
    short_en: str
    territory: str
    superior: str = ""
    competences: tuple[str, ...] = ()
    generated: bool = False
    phone: str = ""
    active: bool = True

    @property
    def name(self) -> Text:
        """The full name."""
        return Text(self.name_zh, self.name_en)

    @property
    def short(self) -> Text:
        """The name within the unit's own surroundings."""
        return Text(self.short_zh, self.short_en)


# id, competence, Chinese and English name.
_BUREAUS: tuple[tuple[str, str, str, str], ...] = (
    ("urban", "urban_management", "城市管理局", "Urban Management Bureau"),
    ("ecology", "environment", "生态环境局", "Ecology and Environment Bureau"),
    ("housing", "housing", "住房和城乡建设局", "Housing and Urban-Rural Development Bureau"),
    ("market", "market", "市场监督管理局", "Market Regulation Bureau"),
    ("civil", "social_affairs", "民政局", "Civil Affairs Bureau"),
    ("justice", "legal_service", "司法局", "Justice Bureau"),
    ("industry", "enterprise_service", "工业和信息化局", "Industry and Information Technology Bureau"),
    ("transport", "transport", "交通运输局", "Transport Bureau"),
    ("emergency", "emergency_management", "应急管理局", "Emergency Management Bureau"),
    ("education", "education", "教育局", "Education Bureau"),
    ("culture", "culture_tourism", "文体广电和旅游局", "Culture and Tourism Bureau"),
    ("labour", "labour", "人力资源和社会保障局", "Human Resources and Social Security Bureau"),
)
_OF_PROVINCE = {
    "生态环境局": "生态环境厅",
    "住房和城乡建设局": "住房和城乡建设厅",
    "民政局": "民政厅",
    "司法局": "司法厅",
    "工业和信息化局": "工业和信息化厅",
    "交通运输局": "交通运输厅",
    "应急管理局": "应急管理厅",
    "教育局": "教育厅",
    "文体广电和旅游局": "文化和旅游厅",
    "人力资源和社会保障局": "人力资源和社会保障厅",
}
_POLICE = ("public_order", "traffic", "household")
_HELD_TOO = {"justice": ("mediation",)}
"""What a bureau holds for places that have no office of their own below it: farms, parks, company areas."""
_STREET = re.compile(r"(街道|镇|乡)$")


def make_units(divisions: Iterable[Division]) -> tuple[OfficeUnit, ...]:
    """Return the units of a province, superiors before those below them."""
    ordered = sorted(divisions, key=lambda each: (len(each.prefix), each.code))
    by_code = {each.code: each for each in ordered}
    stems = Counter(
        (each.parent, _STREET.sub("", each.name_zh)) for each in ordered if each.level == "township"
    )
    made: list[OfficeUnit] = []
    for each in ordered:
        if each.level == "province":
            made.extend(_province(each))
        elif each.level == "prefecture":
            made.extend(_city(each))
        elif each.level == "county":
            if not is_own_county(each, by_code):
                made.extend(_county(each, by_code[each.parent]))
        elif each.level == "township" and _STREET.search(each.name_zh):
            alone = stems[each.parent, _STREET.sub("", each.name_zh)] == 1
            made.extend(_street(each, by_code[each.parent], by_code, alone))
    return tuple(made)


def is_own_county(county: Division, by_code: dict[str, Division]) -> bool:
    """Whether the county stands only for a city that has none (Jiayuguan, and any other of the same name)."""
    return county.name_zh == by_code[county.parent].name_zh


def _province(place: Division) -> Iterator[OfficeUnit]:
    code, name = place.prefix, place.name
    government = f"gov-{code}"
    yield _unit(
        government, "province", place, Text(f"{name.zh}人民政府", f"People's Government of {name.en}")
    )
    yield _dispatch(place, name, government)
    police = Text(f"{name.zh}公安厅", f"{name.en} Public Security Department")
    yield _unit(f"psb-{code}", "psb", place, police, superior=government, competences=_POLICE)
    for key, competence, zh, en in _BUREAUS:
        if key == "urban":  # no province has one; the department of housing holds the competence
            continue
        title = Text(name.zh + _OF_PROVINCE.get(zh, zh), f"{name.en} {en.replace('Bureau', 'Department')}")
        held = (competence, "urban_management") if key == "housing" else _held(key, competence)
        yield _unit(f"{key}-{code}", "bureau", place, title, superior=government, competences=held)
    yield _fire(place, name, "总队", "Fire and Rescue Department", government)
    yield _legal_aid(place, name)
    yield from _partners(place, name, "高级人民法院", "High People's Court", "")
    yield from _insurers(place, name)


def _city(place: Division) -> Iterator[OfficeUnit]:
    code, name, above = place.prefix, short_name(place), place.prefix[:2]
    government = f"gov-{code}"
    yield _unit(
        government,
        "government",
        place,
        Text(f"{name.zh}人民政府", f"{name.en} Government"),
        superior=f"gov-{above}",
    )
    yield _dispatch(place, name, government)
    police = Text(f"{name.zh}公安局", f"{name.en} Public Security Bureau")
    yield _unit(f"psb-{code}", "psb", place, police, superior=f"psb-{above}", competences=_POLICE)
    for key, competence, zh, en in _BUREAUS:
        yield _unit(
            f"{key}-{code}",
            "bureau",
            place,
            Text(name.zh + zh, f"{name.en} {en}"),
            superior=f"{key}-{above}" if key == "ecology" else government,
            competences=_held(key, competence),
        )
    yield _fire(place, name, "支队", "Fire and Rescue Division", f"fire-{above}")
    yield _legal_aid(place, name)
    yield from _partners(place, name, "中级人民法院", "Intermediate People's Court", f"court-{above}")


def _county(place: Division, city: Division) -> Iterator[OfficeUnit]:
    code, above = place.prefix, city.prefix
    name, of = short_name(place), short_name(city)
    government = f"gov-{code}"
    board = place.name_zh.endswith("新区")
    title = (
        Text(f"{name.zh}管理委员会", f"{name.en} Administrative Committee")
        if board
        else Text(f"{name.zh}人民政府", f"{name.en} Government")
    )
    yield _unit(government, "government", place, title, superior=f"gov-{above}")
    yield _unit(
        f"psb-{code}",
        "psb",
        place,
        _county_police(place, city),
        short=_county_police_short(place),
        superior=f"psb-{above}",
        competences=_POLICE,
    )
    for key, competence, zh, en in _BUREAUS:
        bureau = Text(name.zh + zh, f"{name.en} {en}")
        superior = government
        if key == "ecology":
            superior = f"{key}-{above}"
            bureau = Text(f"{of.zh}{zh}{_stem(place)}分局", f"{of.en} {en}, {name.en} Branch")
        held = _held(key, competence)
        yield _unit(f"{key}-{code}", "bureau", place, bureau, superior=superior, competences=held)
    yield _fire(place, name, "大队", "Fire and Rescue Brigade", f"fire-{above}")
    yield _legal_aid(place, name)
    yield _court(place, name, "人民法院", "People's Court", f"court-{above}")


def _held(key: str, competence: str) -> tuple[str, ...]:
    return (competence, *_HELD_TOO.get(key, ()))


def _fire(place: Division, name: Text, rank: str, rank_en: str, superior: str) -> OfficeUnit:
    title = Text(f"{name.zh}消防救援{rank}", f"{name.en} {rank_en}")
    key = f"fire-{place.prefix}"
    return _unit(key, "bureau", place, title, superior=superior, competences=("fire_safety",))


def _legal_aid(place: Division, name: Text) -> OfficeUnit:
    title = Text(f"{name.zh}法律援助中心", f"{name.en} Legal Aid Centre")
    above = f"justice-{place.prefix}"
    key = f"aid-{place.prefix}"
    return _unit(key, "justice", place, title, superior=above, competences=("legal_aid",))


def _partners(place: Division, name: Text, court: str, court_en: str, above: str) -> Iterator[OfficeUnit]:
    yield _court(place, name, court, court_en, above)
    for key, competence, zh, en in (
        ("lawyers", "lawyers", "律师协会", "Lawyers Association"),
        ("banks", "banking", "银行业协会", "Banking Association"),
    ):
        title = Text(name.zh + zh, f"{name.en} {en}")
        yield _unit(f"{key}-{place.prefix}", "partner", place, title, competences=(competence,))


def _insurers(place: Division, name: Text) -> Iterator[OfficeUnit]:
    for number, (zh, en) in enumerate((("一", "First"), ("二", "Second"), ("三", "Third")), 1):
        title = Text(f"示例{zh}财产保险{name.zh}分公司", f"Example {en} Insurance, {name.en}")
        yield _unit(f"insurer{number}-{place.prefix}", "insurer", place, title)


def _court(place: Division, name: Text, zh: str, en: str, superior: str) -> OfficeUnit:
    title = Text(name.zh + zh, f"{name.en} {en}")
    key = f"court-{place.prefix}"
    return _unit(key, "partner", place, title, superior=superior, competences=("court",))


def _street(
    place: Division, county: Division, by_code: dict[str, Division], unmistakable: bool
) -> Iterator[OfficeUnit]:
    code = place.prefix
    city = by_code[county.parent]
    direct = is_own_county(county, by_code)
    over = city.prefix if direct else county.prefix
    around = short_name(city if direct else county)
    office = "街道办事处" if place.name_zh.endswith("街道") else place.name_zh[-1] + "人民政府"
    stem = _STREET.sub("", place.name_zh)
    yield _unit(
        f"street-{code}",
        "subdistrict",
        place,
        Text(f"{around.zh}{stem}{office}", f"{place.name_en} Office, {around.en}"),
        short=Text(stem + office, f"{place.name_en} Office"),
        superior=f"gov-{over}",
        competences=("social_affairs",),
    )
    police = f"{short_name(city).zh}公安局" if direct else _county_police(county, city).zh
    # Where a street and a town have one name (水洛), the station says which it is.
    station = f"{without_peoples(stem) if unmistakable else place.name_zh}派出所"
    stem_en = place.name_en.split(" ", maxsplit=1)[0] if unmistakable else place.name_en
    yield _unit(
        f"station-{code}",
        "station",
        place,
        Text(police + station, f"{stem_en} Police Station, {around.en}"),
        short=Text(station, f"{stem_en} Police Station"),
        superior=f"psb-{over}",
        competences=("public_order", "household"),
    )
    judicial = f"{stem if unmistakable else place.name_zh}司法所"
    yield _unit(
        f"judicial-{code}",
        "justice",
        place,
        Text(around.zh + judicial, f"{stem_en} Judicial Office, {around.en}"),
        short=Text(judicial, f"{stem_en} Judicial Office"),
        superior=f"justice-{over}",
        competences=("mediation",),
    )


def _county_police(county: Division, city: Division) -> Text:
    name, of = short_name(county), short_name(city)
    if county.name_zh.endswith("区"):
        return Text(f"{of.zh}公安局{_stem(county)}分局", f"{of.en} Public Security Bureau, {name.en} Branch")
    return Text(f"{name.zh}公安局", f"{name.en} Public Security Bureau")


def _county_police_short(county: Division) -> Text:
    name = short_name(county)
    if county.name_zh.endswith("区"):
        return Text(f"公安{_stem(county)}分局", f"Public Security, {name.en} Branch")
    return Text(f"{name.zh}公安局", f"{name.en} Public Security Bureau")


def short_name(place: Division) -> Text:
    """Return the everyday name: 张家川县 for 张家川回族自治县，Lanzhou for Lanzhou City."""
    zh, en = place.name_zh, place.name_en
    for long, short, word in (("自治州", "州", "Prefecture"), ("自治县", "县", "County")):
        if zh.endswith(long):
            return Text(without_peoples(zh[: -len(long)]) + short, f"{en.split(' ', maxsplit=1)[0]} {word}")
    if place.level == "prefecture":
        en = en.removesuffix(" City")
    return Text(zh, en)


def _stem(county: Division) -> str:
    # A district loses 区 (城关分局); a new area, a county and a city keep their whole names.
    name = short_name(county).zh
    return name[:-1] if name.endswith("区") and not name.endswith("新区") else name


def _dispatch(place: Division, name: Text, government: str) -> OfficeUnit:
    title = Text(f"{name.zh}接诉即办中心", f"{name.en} Dispatch Centre")
    key = f"dispatch-{place.prefix}"
    return _unit(key, "dispatch", place, title, superior=government, competences=("supervision",))


def _unit(
    key: str,
    kind: Kind,
    place: Division,
    name: Text,
    *,
    short: Text | None = None,
    superior: str = "",
    competences: tuple[str, ...] = (),
) -> OfficeUnit:
    short = short or name
    return OfficeUnit(
        id=key,
        kind=kind,
        name_zh=name.zh,
        name_en=name.en,
        short_zh=short.zh,
        short_en=short.en,
        territory=place.code,
        superior=superior,
        competences=competences,
        generated=True,
    )
