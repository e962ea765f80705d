"""Papers: whatever somebody has written is printed as text, every sign can be seen, and the time is bounded."""

from __future__ import annotations

import io
import time
import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from zhuoli.channels.papers import (
    Facts,
    Heading,
    Items,
    Paper,
    PaperFailed,
    Paragraph,
    Quote,
    Run,
    Steps,
    Table,
    blocks_of,
    plain,
    print_paper,
    printing,
)
from zhuoli.channels.papers.document import Verify
from zhuoli.channels.papers.font import covered, shown
from zhuoli.core.scenario.notices import without_marks

QR = '<svg xmlns="http://www.w3.org/2000/svg" width="4" height="4"><path d="M0 0h4v4z"/></svg>'


def paper(*blocks: Any, **changes: Any) -> Paper:
    return Paper(
        **{
            "lang": "zh",
            "title": "受理回执",
            "issuer": "城关区",
            "house": "着力点",
            "number": "P-0000-0000-0000",
            "made": "今天",
            "page": "第 {n} 页，共 {all} 页",
            "blocks": blocks,
            **changes,
        }
    )


def read(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_all_blocks_are_printed() -> None:
    pdf = print_paper(
        paper(
            Heading("标题二"),
            Paragraph((Run("普通"), Run("要紧", strong=True))),
            Items((plain("一"), plain("二")), numbered=True),
            Facts((("单位", "交警", False), ("电话", "已加密", True))),
            Quote("原话"),
            Steps((("3月4日", "本人", ("补充了。", "又补充了。")),)),
            Table(("规则", "为什么"), (("1", "快"),)),
            seal="已销号",
            mark="演示数据",
            under_title="编号一",
            verify=Verify("核对：", "https://example.org/zh/verify/P-0000-0000-0000/", QR),
        )
    )
    said = read(pdf)
    for words in (
        "标题二",
        "要紧",
        "交警",
        "已加密",
        "原话",
        "又补充了",
        "为什么",
        "已销号",
        "演示数据",
        "编号一",
    ):
        assert words in said
    assert "第1页,共1页" in squeezed(said)
    reader = PdfReader(io.BytesIO(pdf))
    assert reader.metadata is not None
    assert reader.metadata.title == "受理回执"
    assert reader.trailer["/Root"]["/Lang"].startswith("zh")  # type: ignore[index]
    assert "/StructTreeRoot" in reader.trailer["/Root"]  # type: ignore[operator]


INJECTIONS = [
    '#read("/etc/passwd")',
    '#import "@preview/x:0.1.0"',
    '"#panic("x")',
    "] #set page(width: 1pt) [",
    "$x^2$ *strong* _em_ `raw` <label> @ref \\ // comment /* */",
    "= heading\n- item\n+ item\n/ term: x",
    "{n} {all} \u0000 \u202e \ufeff \U0001f600 𠮷 ﷽ e\u0301",
    "sys.inputs.paper",
]


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
@example(INJECTIONS[0])
@example(INJECTIONS[1])
@example(INJECTIONS[2])
@example(INJECTIONS[3])
@example(INJECTIONS[4])
@example(INJECTIONS[5])
@example(INJECTIONS[6])
@example(INJECTIONS[7])
def test_any_text_prints_and_never_acts(text: str) -> None:
    said = squeezed(read(print_paper(paper(Quote(text), Heading(text[:40]), title=text[:80]))))
    plain_signs = [sign for sign in squeezed(shown(text)) if sign.isascii() and sign.isalnum()]
    assert sum(map(said.count, set(plain_signs))) >= len(plain_signs)


@pytest.mark.parametrize("text", INJECTIONS[:6])
def test_what_looks_like_a_command_is_there_word_for_word(text: str) -> None:
    wanted = squeezed(text).replace('"', "")
    assert wanted in squeezed(read(print_paper(paper(Quote(text))))).replace('"', "")


def test_a_sign_that_the_font_does_not_have_is_shown_by_its_number() -> None:
    assert ord("兰") in covered()
    assert ord("龘") in covered()
    assert shown("𠮷先生\u202e\x07") == "[U+20BB7]先生"
    assert "[U+1F600]" in read(print_paper(paper(Quote("好\U0001f600"))))


def test_a_missing_glyph_is_an_error_and_no_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "shown", lambda text: text)
    with pytest.raises(PaperFailed, match="could not be displayed"):
        print_paper(paper(Quote("𠮷")))


def test_the_same_paper_is_set_once_and_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    first = print_paper(paper(Quote("一样")))
    monkeypatch.setattr(printing._aside, "ask", lambda *_: pytest.fail("set again"))
    assert print_paper(paper(Quote("一样"))) == first
    monkeypatch.undo()
    printing._known.clear()
    assert print_paper(paper(Quote("一样"))) == first


def test_time_and_length_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PaperFailed, match="too long"):
        print_paper(paper(Quote("字" * 600_000)))
    monkeypatch.setattr(printing, "SECONDS", 0.05)
    began = time.monotonic()
    with pytest.raises(PaperFailed, match="did not answer"):
        print_paper(paper(Quote("字词句" * 100_000)))
    assert time.monotonic() - began < 5
    monkeypatch.undo()
    assert print_paper(paper(Quote("还能排")))


def test_the_digest_is_of_what_is_said() -> None:
    one = paper(Quote("一"))
    assert one.digest() == msgspec.structs.replace(one, number="P-1", made="明天", mark="x").digest()
    assert one.digest() != msgspec.structs.replace(one, title="别的").digest()


def test_the_little_markdown_of_notices() -> None:
    found = blocks_of("您好：\n\n# 标题\n\n- 一 **要紧**\n- 二\n\n1. 甲\n2. 乙\n\n不是 *标记* #set\n第二行")
    assert found == (
        Paragraph(plain("您好：")),
        Heading("标题"),
        Items(((Run("一 "), Run("要紧", strong=True)), plain("二"))),
        Items((plain("甲"), plain("乙")), numbered=True),
        Paragraph(plain("不是 *标记* #set\n第二行")),
    )
    assert blocks_of("") == ()


def test_what_somebody_else_has_written_is_no_part_of_the_notice() -> None:
    answer = "# 不予受理\n- 一\n1. 二\n* 三\n---\n**要紧** \\ - 四"
    (found,) = blocks_of(without_marks(answer))
    assert found == Paragraph(plain(answer))
