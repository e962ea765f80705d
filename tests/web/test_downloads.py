"""Files that the program makes are called in the language of their page: plain ASCII in English, Chinese beside it in Chinese."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from django.http import HttpResponse
from tests.web.site import Visitor, clock, site_template, visitor  # noqa: F401

from zhuoli.core.case.notices import filed_name
from zhuoli.core.text import Text
from zhuoli.web.downloads import LONGEST, chinese_name, named, plain_name


def called(header: str) -> tuple[str, str]:
    """The plain and the Chinese name of a header; empty where there is none."""
    plain = header.partition('filename="')[2].partition('"')[0]
    return plain, unquote(header.partition("filename*=UTF-8''")[2])


@pytest.mark.parametrize(
    ("name", "plain"),
    [
        ("ZL-1-answer", "ZL-1-answer"),
        ("Order to put right ZL-1-02", "Order-to-put-right-ZL-1-02"),
        ("Café / naïve", "Cafe-naive"),
        ('a"\r\nSet-Cookie: x', "a-Set-Cookie-x"),
        ("../../etc/passwd", "etc-passwd"),
        ("回执", "file"),
        ("x" * 200, "x" * LONGEST),
    ],
)
def test_an_english_name_is_plain(name: str, plain: str) -> None:
    assert plain_name(name) == plain


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("ZL-1 回执", "ZL-1-回执"),
        ("办事/指南：<一>", "办事-指南：-一"),
        ("..", "文件"),
        ("甲" * 200, "甲" * LONGEST),
    ],
)
def test_a_chinese_name_suits_every_system(name: str, kept: str) -> None:
    assert chinese_name(name) == kept


def test_the_language_of_the_page_decides() -> None:
    for lang, beside in (("en", ""), ("zh", "ZL-1-回执.pdf")):
        answer = HttpResponse()
        named(answer, Text("ZL-1 回执", "ZL-1-receipt"), "pdf", lang, attached=False)
        header = answer.headers["Content-Disposition"]
        assert header.startswith("inline; ")
        assert header.isascii()
        assert called(header) == ("ZL-1-receipt.pdf", beside)


@pytest.mark.parametrize(
    ("path", "plain", "chinese"),
    [
        ("services.csv", "services.csv", "服务事项目录.csv"),
        ("figures/reported.csv", "reported-figures.csv", "报道中的数据.csv"),
    ],
)
def test_open_data_are_called_by_the_page(visitor: Visitor, path: str, plain: str, chinese: str) -> None:  # noqa: F811
    assert called(visitor.get(f"/en/{path}").headers["Content-Disposition"]) == (plain, "")
    assert called(visitor.get(f"/zh/{path}").headers["Content-Disposition"]) == (plain, chinese)


def test_a_paper_is_called_by_its_title_in_both_languages() -> None:
    notices = {"order": SimpleNamespace(title=Text("限期整改通知书", "Order to put right"))}
    plan: Any = SimpleNamespace(scenario=SimpleNamespace(notices=notices))

    def of(name: str) -> Text:
        return filed_name(plan, name)

    assert of("限期整改通知书 ZL-1-02").en == "Order to put right ZL-1-02"
    assert of("限期整改通知书 ZL-1-02.md").zh == "限期整改通知书 ZL-1-02"
    assert of("别的 ZL-1-02").en == "别的 ZL-1-02"
