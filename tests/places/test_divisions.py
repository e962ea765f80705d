"""The list of divisions: the real one loads, and every kind of damage is named."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhuoli.places import BadPlaces, Places, packaged_divisions, read_divisions
from zhuoli.places.divisions import DIGITS, DIVISIONS, GANSU
from zhuoli.places.english import english_name, initials, romanise

HEAD = "code,name,level,parent\n"
GOOD = """620000000000,甘肃省,province,
620100000000,兰州市,prefecture,620000000000
620102000000,城关区,county,620100000000
620102001000,酒泉路街道,township,620102000000
620102001001,东城壕社区居委会,community,620102001000
"""


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(packaged_divisions())


def test_the_real_list_is_complete() -> None:
    rows = packaged_divisions()
    assert len(rows) == 19224 == sum(GANSU.values())
    assert Counter(row.level for row in rows) == GANSU
    # The oracle: the raw file, read without this module's code.
    lines = gzip.decompress(DIVISIONS.read_bytes()).decode().splitlines()[1:]
    assert [f"{row.code},{row.name_zh},{row.level},{row.parent}" for row in rows] == lines


def test_every_code_begins_with_its_parent(places: Places) -> None:
    for row in places.all:
        if row.parent:
            parent = places.get(row.parent)
            assert parent is not None
            assert row.prefix.startswith(parent.prefix)
            assert len(row.prefix) > len(parent.prefix)


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "code", "line"),
    [
        ("620102001001,", "62010200100,", "code_form", 6),
        ("620102001001,", "62010200100１,", "code_form", 6),
        ("620102001001,东城壕社区居委会", "620102001001,", "name_empty", 6),
        (",township,", ",town,", "level_unknown", 5),
        ("620102001000,酒泉路街道", "620102001009,酒泉路街道", "code_level", 5),
        (
            "620100000000,兰州市,prefecture,620000000000",
            "620100000000,兰州市,prefecture,",
            "parent_missing",
            3,
        ),
        ("prefecture,620000000000", "prefecture,630000000000", "parent_missing", 3),
        ("township,620102000000", "township,620100000000", "parent_level", 5),
        ("620102001001,", "620103001001,", "prefix", 6),
        ("甘肃省,province,", "甘肃省,province,620100000000", "parent_unwanted", 2),
    ],
)
def test_damage_is_named_with_its_line(tmp_path: Path, old: str, new: str, code: str, line: int) -> None:
    assert old in GOOD
    with pytest.raises(BadPlaces) as caught:
        read_divisions(write(tmp_path, HEAD + GOOD.replace(old, new, 1)))
    assert (code, line) in [(each.code, each.line) for each in caught.value.mistakes]
    for each in caught.value.mistakes:
        assert each.message.zh
        assert each.message.en
        assert each.remedy.zh
        assert each.file == "list.csv"


def test_a_code_twice_and_wrong_counts(tmp_path: Path) -> None:
    text = HEAD + GOOD + "620102001001,又一个社区,community,620102001000\n"
    with pytest.raises(BadPlaces) as caught:
        read_divisions(write(tmp_path, text), {"community": 1, "village": 3})
    assert [each.code for each in caught.value.mistakes] == ["code_twice", "count", "count"]


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    text = HEAD + GOOD.replace("兰州市", "").replace("620102001001", "x")
    with pytest.raises(BadPlaces) as caught:
        read_divisions(write(tmp_path, text))
    assert {each.code for each in caught.value.mistakes} >= {"name_empty", "code_form"}


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "columns"),
        (b"code;name;level;parent\n", "columns"),
        (b"code,name,level,parent\na,b\n", "columns"),
        (b"\xff\xfe\x00", "file_unreadable"),
    ],
)
def test_unreadable_files(tmp_path: Path, content: bytes, code: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(BadPlaces) as caught:
        read_divisions(path)
    assert caught.value.mistakes[0].code == code


def test_a_missing_and_a_truncated_file(tmp_path: Path) -> None:
    with pytest.raises(BadPlaces, match="file_missing"):
        read_divisions(tmp_path / "none.csv")
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(DIVISIONS.read_bytes()[:50_000])
    with pytest.raises(BadPlaces, match="file_unreadable"):
        read_divisions(cut)


def test_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(b"\xef\xbb\xbf" + (HEAD + GOOD).encode())
    assert len(read_divisions(path)) == 5


@pytest.mark.parametrize(
    ("name", "level", "english", "letters"),
    [
        ("甘肃省", "province", "Gansu Province", "gss"),
        ("兰州市", "prefecture", "Lanzhou City", "lzs"),
        ("临夏回族自治州", "prefecture", "Linxia Hui Autonomous Prefecture", "lxhzzzz"),
        ("城关区", "county", "Chengguan District", "cgq"),
        ("兰州新区", "county", "Lanzhou New Area", "lzxq"),
        ("成县", "county", "Chengxian County", "cx"),
        ("宕昌县", "county", "Tanchang County", "tcx"),
        ("秦安县", "county", "Qin'an County", "qax"),
        (
            "积石山保安族东乡族撒拉族自治县",
            "county",
            "Jishishan Bonan, Dongxiang and Salar Autonomous County",
            "jssbazdxzslzzzx",
        ),
        ("东乡族自治县", "county", "Dongxiang Autonomous County", "dxzzzx"),
        ("酒泉路街道", "township", "Jiuquanlu Subdistrict", "jqljd"),
        ("什川镇", "township", "Shichuan Town", "scz"),
        ("马蹄藏族乡", "township", "Mati Tibetan Ethnic Township", "mtzzx"),
        ("东城壕社区居委会", "community", "Dongchenghao Community", "dchsqjwh"),
        ("大滩村村民委员会", "village", "Datan Village", "dtccmwyh"),
        ("绿化村委会", "village", "Lühua Village", "lhcwh"),
    ],
)
def test_english_names(name: str, level: str, english: str, letters: str) -> None:
    assert english_name(name, level) == english
    assert initials(name) == letters


def test_every_english_name_is_plain_latin() -> None:
    form = re.compile(r"[A-Z][A-Za-zü',. 0-9-]*[a-zü0-9]")
    assert [row for row in packaged_divisions() if not form.fullmatch(row.name_en)] == []
    assert [row for row in packaged_divisions() if not row.initials.isascii()] == []


@given(st.text(alphabet="安爱额偶大西兰州路村0a ()", max_size=8))
def test_romanising_never_breaks(name: str) -> None:
    made = romanise(name)
    assert made == "" or made[0].isupper()
    assert all(character.isascii() or character in "üÜ" for character in made)


def test_path_and_full_name(places: Places) -> None:
    assert [each.name_zh for each in places.path("620102001000")] == [
        "甘肃省",
        "兰州市",
        "城关区",
        "酒泉路街道",
    ]
    assert places.path("999999999999") == ()
    assert places.full_name("999999999999") is None
    name = places.full_name("620102001000")
    assert name is not None
    assert (name.zh, name.en) == (
        "兰州市城关区酒泉路街道",
        "Jiuquanlu Subdistrict, Chengguan District, Lanzhou City",
    )
    own = places.full_name("620201000000")
    assert own is not None
    assert own.zh == "嘉峪关市"


def test_children_are_what_the_list_says(places: Places) -> None:
    assert [each.code for each in places.children()] == ["620000000000"]
    assert len(places.children("620000000000")) == 14
    for row in places.all:
        if row.level in ("prefecture", "county"):
            oracle = [each.code for each in places.all if each.parent == row.code]
            assert oracle
            assert [each.code for each in places.children(row.code)] == sorted(oracle)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("酒泉路", "620102001000"),
        ("jql", "620102001000"),
        ("jqljd", "620102001000"),
        ("JiuQuanLu", "620102001000"),
        ("城关", "620102000000"),
        ("lzs", "620100000000"),
        ("qin'an", "620522000000"),
        ("qinan", "620522000000"),
    ],
)
def test_search(places: Places, typed: str, first: str) -> None:
    assert places.search(typed)[0].code == first


def test_search_within_and_limit(places: Places) -> None:
    found = places.search("城关镇", within="6205", limit=50)
    assert found
    assert all(each.code.startswith("6205") for each in found)
    assert len(places.search("村", limit=7)) == 7
    assert places.search("   ") == ()
    assert places.search("没有这个地方") == ()


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_every_place_is_found_by_a_part_of_its_name(places: Places, data: st.DataObject) -> None:
    row = places.all[data.draw(st.integers(0, len(places) - 1))]
    size = data.draw(st.integers(1, len(row.name_zh)))
    start = data.draw(st.integers(0, len(row.name_zh) - size))
    part = row.name_zh[start : start + size].replace("（", "").replace("）", "")
    if part and any("\u3400" <= character <= "\u9fff" for character in part) and part in row.name_zh:
        oracle = {each.code for each in places.all if part in each.name_zh}
        assert {each.code for each in places.search(part, limit=20_000)} == oracle
    assert row in places.search(row.initials, within=row.prefix, limit=20_000)


def test_digits_of_levels() -> None:
    assert DIGITS == {
        "province": 2,
        "prefecture": 4,
        "county": 6,
        "township": 9,
        "community": 12,
        "village": 12,
    }
