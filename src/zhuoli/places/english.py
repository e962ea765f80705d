"""English names and pinyin initials, made from Chinese names; nobody has written them by hand or approved them.

Syllables follow GB/T 16159 (an apostrophe before a, o, e; ü kept) and are joined, as on road signs; what the
place *is* is translated: 酒泉路街道 → Jiuquanlu Subdistrict. A county whose own name has one syllable keeps 县:
成县 → Chengxian County.
"""

from __future__ import annotations

import re
from functools import lru_cache

# Readings that the general dictionary gets wrong for places in Gansu.
_READINGS = {"什": "shi", "杓": "shao", "塬": "yuan", "顷": "qing", "尕": "ga", "堎": "leng", "䃎": "guo"}
_WHOLE_READINGS = {
    "宕昌": ["tan", "chang"],
    "崆峒": ["kong", "tong"],
    "民乐": ["min", "le"],
    "武都": ["wu", "du"],
    "重兴": ["chong", "xing"],
}

_PEOPLES = {
    "回族": "Hui",
    "藏族": "Tibetan",
    "蔵族": "Tibetan",  # a slip in the list
    "蒙古族": "Mongol",
    "哈萨克族": "Kazak",
    "裕固族": "Yugur",
    "东乡族": "Dongxiang",
    "保安族": "Bonan",
    "撒拉族": "Salar",
    "土族": "Tu",
}
_PEOPLE = re.compile("(" + "|".join(_PEOPLES) + ")+$")

# Endings and their translation by level, the longest first.
_ENDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "province": (("省", "Province"),),
    "prefecture": (("自治州", "Autonomous Prefecture"), ("市", "City")),
    "county": (
        ("自治县", "Autonomous County"),
        ("新区", "New Area"),
        ("县", "County"),
        ("区", "District"),
        ("市", "City"),
    ),
    "township": (
        ("经济技术开发区", "Economic and Technological Development Zone"),
        ("经济开发区", "Economic Development Zone"),
        ("生态建设指挥部", "Ecological Construction Headquarters"),
        ("生态工业园区", "Ecological Industrial Park"),
        ("工业园区", "Industrial Park"),
        ("街道", "Subdistrict"),
        ("农场", "Farm"),
        ("林场", "Forest Farm"),
        ("马场", "Horse Farm"),
        ("牧场", "Ranch"),
        ("镇", "Town"),
        ("乡", "Township"),
    ),
    "community": (
        ("虚拟生活区", "Statistical Residential Area"),
        ("生活区", "Residential Area"),
        ("虚拟社区", "Statistical Community"),
        ("社区居民委员会", "Community"),
        ("社区居委会", "Community"),
        ("社区委会", "Community"),
        ("村（居）委会", "Community"),
        ("社区服务中心", "Community"),
        ("村民委会", "Community"),
        ("村委会会", "Community"),
        ("管理区", "Management Area"),
        ("居民委员会", "Community"),
        ("居委会", "Community"),
        ("社区", "Community"),
    ),
    "village": (
        ("村村民委员会", "Village"),
        ("村民委员会", "Village"),
        ("村村委会", "Village"),
        ("村委会", "Village"),
        ("村", "Village"),
    ),
}
_ELSE = {"community": "Community", "village": "Village", "township": "Area"}

# Names that the endings above do not take apart: mostly units that are neither town nor street.
_WORDS = {
    "东乡族自治县": "Dongxiang Autonomous County",
    "阿克塞哈萨克族自治县": "Aksay Kazak Autonomous County",
    "高新区": "High-Tech Zone",
    "工业集中区": "Industrial Cluster",
    "天水市高新技术工业园": "Tianshui High-Tech Industrial Park",
    "天水市农业高新技术示范区": "Tianshui High-Tech Agriculture Demonstration Zone",
    "天水市麦积区三阳工业示范区": "Sanyang Industrial Demonstration Zone",
    "天水市麦积区廿铺工业示范区": "Nianpu Industrial Demonstration Zone",
    "天水市麦积区东柯河工业园区": "Dongkehe Industrial Park",
    "清水县科技养殖示范园区": "Qingshui Livestock Science Demonstration Park",
    "张掖宝瓶河牧场": "Baopinghe Ranch",
    "国营临泽农场": "Linze State Farm",
    "甘肃高台工业园区": "Gaotai Industrial Park",
    "国营山丹农场": "Shandan State Farm",
    "中牧公司山丹马场": "Shandan Horse Farm",
    "阿克塞县工业园区": "Aksay Industrial Park",
    "国营饮马农场": "Yinma State Farm",
    "国营黄花农场": "Huanghua State Farm",
    "甘肃农垦集团": "Gansu State Farms Group Area",
    "甘肃监狱企业集团公司": "Gansu Prison Enterprises Group Area",
    "天祝建材厂": "Tianzhu Building Materials Factory Area",
    "天祝煤电公司": "Tianzhu Coal and Power Company Area",
    "甘肃省绵羊育种场": "Gansu Sheep Breeding Farm",
    "小泉子治沙站": "Xiaoquanzi Sand Control Station",
    "园艺场": "Horticultural Farm",
    "良种繁殖场": "Seed Breeding Farm",
    "平凉崆峒山大景区管理委员会": "Pingliang Kongtongshan Scenic Area",
    "城市社区管理委员会地区": "Urban Communities Area",
    "十号基地": "Base No. 10",
    "甘肃矿区": "Gansu Mining Area",
    "青海石油管理局生活基地": "Qinghai Petroleum Administration Residential Base",
    "高原生物研究所": "Plateau Biology Institute Area",
}


def english_name(name: str, level: str) -> str:
    """Return a generated English name for a Chinese one at a level of the list of divisions."""
    if name in _WORDS:
        return _WORDS[name]
    stem, word = _split(name, level)
    people = _PEOPLE.search(stem) if level in ("prefecture", "county", "township") else None
    if people and people.start():
        word = f"{_peoples(people.group())} {'Ethnic ' if level == 'township' else ''}{word}"
        stem = stem[: people.start()]
    elif level == "county" and len(stem) == 1:
        stem = name
    return f"{romanise(stem)} {word}".strip()


def without_peoples(name: str) -> str:
    """Return a name without the peoples at its end: 张家川 for 张家川回族, 东乡 for 东乡族."""
    found = _PEOPLE.search(name)
    if found and found.start():
        return name[: found.start()]
    return name.removesuffix("族") if found else name


def romanise(name: str) -> str:
    """Return the joined pinyin of a name, without tones and with a capital: ``Jiuquanlu``, ``Da'an``."""
    joined = ""
    for syllable in syllables(name):
        joined += "'" + syllable if joined and syllable[0] in "aoe" else syllable
    return joined[:1].upper() + joined[1:]


def initials(name: str) -> str:
    """Return the first letter of each syllable, as people type it: ``jqljd`` for 酒泉路街道."""
    return "".join(each[0] for each in syllables(name))


@lru_cache(maxsize=4)
def syllables(name: str) -> list[str]:
    """Return the syllables of the Chinese characters in a name, in lower case; everything else is left out."""
    characters = "".join(each for each in name if "\u3400" <= each <= "\u9fff")
    for word, reading in _WHOLE_READINGS.items():
        if word in characters:
            before, _, after = characters.partition(word)
            return [*syllables(before), *reading, *syllables(after)]
    from pypinyin.contrib.mmseg import seg  # its dictionary is large, and most processes never ask

    read = [syllable for word in seg.cut(characters) for syllable in _read(word)]
    return [_READINGS.get(character, syllable) for character, syllable in zip(characters, read, strict=True)]


@lru_cache(maxsize=20_000)
def _read(word: str) -> list[str]:
    """Return the syllables of a word of pypinyin's dictionary; names are made of few words, most of them 村民委员会."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(word, v_to_u=True)


def _split(name: str, level: str) -> tuple[str, str]:
    for ending, word in _ENDINGS.get(level, ()):
        if name.endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)], word
    return name, _ELSE.get(level, "")


def _peoples(text: str) -> str:
    found = re.findall("|".join(_PEOPLES), text)
    words = [_PEOPLES[each] for each in found]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
