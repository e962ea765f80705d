"""Posts of units that were made from the list: who works there, and in which roles.

They are *generated* like the units. Every unit has somebody who handles (or dispatches) and somebody who answers for
it; what else there is follows from the kind of the unit, so that each role has a post somewhere:

- windows at police bureaus, police stations and subdistricts (``clerk``), the phones at dispatch centres
  (``phone_desk``), auxiliaries at police stations, and one for each village that has a post (``places.coverage``);
- whoever writes scenarios sits with public security or the dispatch centre (``author``);
- an administrator for each government and each police bureau keeps the accounts of the units below;
- a partner body has one liaison, an insurer one claims handler, and neither has anybody here who answers for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from zhuoli.core.text import Text
from zhuoli.places.coverage import villages_with_post
from zhuoli.places.divisions import Division
from zhuoli.places.units import OfficeUnit

_COMMITTEE = re.compile(r"村?(村民委员会|村委会|民委员会)$")


class OfficePost(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """One post; the fields are those of ``store.models.places.Post``.

    ``territory`` is the code of the place that the post serves, where that is only a part of its unit's.
    """

    id: str
    unit: str
    title_zh: str
    title_en: str
    roles: tuple[str, ...]
    generated: bool = False
    territory: str = ""

    @property
    def title(self) -> Text:
        """The title of the post."""
        return Text(self.title_zh, self.title_en)


_CLERK = ("clerk", Text("窗口人员", "Window clerk"))
_AUTHOR = ("author", Text("场景编写人", "Scenario author"))
_ADMINISTRATOR = ("administrator", Text("系统管理员", "Administrator"))
_OFFICE = (("officer", Text("经办人", "Caseworker")), ("supervisor", Text("负责人", "Head")))
_GOVERNMENT = (
    ("officer", Text("督查专员", "Inspector")),
    ("supervisor", Text("督查室主任", "Head of inspection")),
    _ADMINISTRATOR,
)

POSTS: dict[str, tuple[tuple[str, Text], ...]] = {
    "province": _GOVERNMENT,
    "government": _GOVERNMENT,
    "psb": (
        ("officer", Text("值班民警", "Duty officer")),
        ("supervisor", Text("指挥长", "Commander")),
        _CLERK,
        _AUTHOR,
        _ADMINISTRATOR,
    ),
    "station": (
        ("officer", Text("值班民警", "Duty officer")),
        ("supervisor", Text("所长", "Chief")),
        _CLERK,
        ("auxiliary", Text("辅警", "Auxiliary")),
    ),
    "subdistrict": (*_OFFICE, _CLERK),
    "bureau": _OFFICE,
    "justice": _OFFICE,
    "dispatch": (
        ("dispatcher", Text("调度员", "Dispatcher")),
        ("supervisor", Text("值班长", "Shift leader")),
        ("phone_desk", Text("话务员", "Phone desk")),
        _AUTHOR,
    ),
    "partner": (("partner", Text("联络员", "Liaison")),),
    "insurer": (("insurer", Text("理赔员", "Claims handler")),),
}
"""What posts a unit of each kind has: role and title. A supervisor also does what the unit's first post does."""


def make_posts(units: Iterable[OfficeUnit]) -> Iterator[OfficePost]:
    """Yield the posts of units, each named by unit and role: ``station-620102001/officer``."""
    for unit in units:
        posts = POSTS[unit.kind]
        for role, title in posts:
            yield OfficePost(
                id=f"{unit.id}/{role}",
                unit=unit.id,
                title_zh=f"{unit.short_zh}{title.zh}",
                title_en=f"{title.en}, {unit.short_en}",
                roles=(posts[0][0], role) if role == "supervisor" else (role,),
                generated=True,
            )


def make_village_posts(units: Iterable[OfficeUnit], divisions: Iterable[Division]) -> Iterator[OfficePost]:
    """Yield one auxiliary for each village that has a post: ``station-620102010/auxiliary-201``.

    Farms and parks have no station of their own; their auxiliary belongs to the county's police.
    """
    made = list(units)
    stations = {unit.territory: unit for unit in made if unit.kind == "station"}
    bureaus = {unit.id.removeprefix("psb-"): unit for unit in made if unit.kind == "psb"}
    held = villages_with_post()
    for each in divisions:
        if each.level != "village" or each.code not in held:
            continue
        station = stations.get(each.parent)
        unit = station or bureaus.get(each.code[:6]) or bureaus.get(each.code[:4])
        if unit is None:
            continue
        name = village_name(each)
        yield OfficePost(
            id=f"{unit.id}/auxiliary-{each.code[9:] if station else each.code[6:]}",
            unit=unit.id,
            title_zh=f"{name.zh}辅警",
            title_en=f"Auxiliary, {name.en}",
            roles=("auxiliary",),
            generated=True,
            territory=each.code,
        )


def village_name(village: Division) -> Text:
    """Return the everyday name of a village: 红沟村 for 红沟村民委员会."""
    stem = _COMMITTEE.sub("", village.name_zh)
    return Text(stem if stem.endswith("村") else f"{stem}村", village.name_en)
