"""A directory of legal service for the demonstration: four providers in each county, all of them marked as made up."""

from __future__ import annotations

from zhuoli.core.text import Text
from zhuoli.places import Places
from zhuoli.places.providers import Kind, Provider, Span

_DAY: tuple[Span, ...] = ((540, 1080),)
_OFFICE: tuple[Span, ...] = ((540, 720), (870, 1050))
_MORNING: tuple[Span, ...] = ((540, 720),)
_MADE: tuple[tuple[Kind, str, str, tuple[Span, ...], tuple[Span, ...], int, str], ...] = (
    ("place", "{zh}公共法律服务站（演示）", "Legal service station, {en} (demo)", _DAY, _DAY, 30, "欠薪 工资 工伤 离婚 赔偿 合同 法律援助 wages injury divorce contract legal aid"),
    ("lawyer", "{zh}示例律师事务所（演示）", "Example Law Firm, {en} (demo)", _OFFICE, (), 60, "起诉 仲裁 合同 股权 房产 lawsuit arbitration contract property"),
    ("notary", "{zh}公证处（演示）", "Notary office, {en} (demo)", _OFFICE, _MORNING, 30, "公证 遗嘱 委托 继承 出国 notary will inheritance power of attorney"),
    ("mediator", "{zh}人民调解委员会（演示）", "Mediation committee, {en} (demo)", _OFFICE, (), 60, "邻居 漏水 噪音 借钱 地界 物业 neighbours leak noise loan boundary"),
)  # fmt: skip


def made_providers(places: Places) -> list[Provider]:
    """Return the made-up directory, county by county."""
    found: list[Provider] = []
    for county in (each for each in places.all if each.level == "county"):
        code = county.code[:6]
        languages = ("zh", "bo") if code.startswith("6230") else ("zh", "en") if code == "620102" else ("zh",)
        for kind, zh, en, work, rest, minutes, words in _MADE:
            found.append(
                Provider(
                    id=f"{kind}-{code}",
                    kind=kind,
                    name=Text(zh.format(zh=county.name.zh), en.format(en=county.name.en)),
                    territory=code,
                    address=Text(
                        "政务服务中心一楼（演示）", "Ground floor, government service centre (demo)"
                    ),
                    phone="12348",
                    languages=(*languages, "sign") if kind == "place" else languages,
                    work=work,
                    rest=rest,
                    minutes=minutes,
                    words=words,
                    generated=True,
                )
            )
    return found
