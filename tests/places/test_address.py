"""Places by the words of an address."""

from __future__ import annotations

import pytest

from zhuoli.places import Places, certain, find, packaged_divisions


@pytest.fixture(scope="module")
def places() -> Places:
    return Places(packaged_divisions())


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("城关区酒泉路", "兰州市城关区酒泉路街道"),
        ("兰州城关酒泉路口", "兰州市城关区酒泉路街道"),
        ("酒泉路", "兰州市城关区酒泉路街道"),
        ("jqljd", "兰州市城关区酒泉路街道"),
        ("七里河西湖街道", "兰州市七里河区西湖街道"),
        ("安宁区培黎", "兰州市安宁区培黎街道"),
        ("敦煌", "酒泉市敦煌市"),
        ("成县", "陇南市成县"),
    ],
)
def test_likeliest_place_comes_first(places: Places, words: str, name: str) -> None:
    found = find(places, words)
    full = places.full_name(found[0].code)
    assert full is not None
    assert full.zh == name


def test_pinyin_of_several_levels(places: Places) -> None:
    names = [places.full_name(each.code) for each in find(places, "chengguan jiuquanlu")]
    assert "兰州市城关区酒泉路街道" in [name.zh for name in names if name]
    assert find(places, "nowhere atall") == ()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("酒泉路的路灯不亮", "620102001000"),
        ("城关区酒泉路路灯不亮", "620102001000"),
        ("榆中县城积水", "620123000000"),
        ("安宁区有人乱停车", "620105000000"),
        ("高考前身份证过期，在七里河", "620103000000"),
    ],
)
def test_place_that_a_sentence_names(places: Places, said: str, code: str) -> None:
    found = certain(places, said)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize(
    "said", ["路灯不亮", "我的身份证丢了", "兰州的路灯不亮", "新华书店门口", "楼上太吵", ""]
)
def test_doubtful_place_is_none(places: Places, said: str) -> None:
    assert certain(places, said) is None
