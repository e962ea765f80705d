"""Nothing personal is written to a log or an export, whatever stands around it."""

from __future__ import annotations

import io
import logging
import logging.config

import pytest
import tests.web.site  # noqa: F401 - sets Django up
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from zhuoli.office.masking import MaskingFilter, mask, mask_cell, masked

PERSONAL = (
    "62010220110504001X",
    "620102201105040012",
    "91620100MA0000000C",
    "13812341234",
    "+86 138 1234 1234",
    "甘A12345",
    "甘AD12345",
    "京A·1234警",
    "someone.else@example.org",
)
AROUND = st.text(st.characters(blacklist_categories=("Cs", "Lu", "Ll", "Nd", "Lo")), max_size=12)


@pytest.mark.parametrize("value", PERSONAL)
def test_each_kind_is_masked(value: str) -> None:
    assert mask(value) == "****"
    assert value not in mask(f"phone={value}, seen")


@given(AROUND, st.sampled_from(PERSONAL), AROUND)
def test_whatever_stands_around_it(before: str, value: str, after: str) -> None:
    for text in (f"{before} {value} {after}", f"电话{value}，{after}", f"({value})", f"?q={value}&x"):
        assert value not in mask(text), text


@given(st.integers(0, 9_999_999_999), st.integers(0, 9), st.sampled_from("3456789"))
def test_every_mobile_number(rest: int, last: int, third: str) -> None:
    number = f"1{third}{rest:010d}"[:10] + str(last)
    assert number not in mask(f"call {number} now")
    assert masked("phone", number) == f"{number[:3]}****{number[-4:]}"


@given(st.text(max_size=60))
def test_anything_can_be_masked_and_masking_again_changes_nothing(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@pytest.mark.parametrize(
    "kept",
    [
        "GET /zh/desk/cases/196212345678901234/ 200",
        "5f1d2c8e6a534b0c9c557a1f0a6a2c11",
        "ZL-7K4M-Q2XD-9F3R",
        "2026-03-04 11:00:00",
        "620102001000",
        "酒泉路派出所",
        "sha256 1381234123412345678901234567890",
    ],
)
def test_what_is_not_personal_stays(kept: str) -> None:
    assert mask(kept) == kept


@pytest.mark.parametrize(
    ("kind", "value", "seen"),
    [
        ("phone", "13812341234", "138****1234"),
        ("id_number", "620102201105040012", "6201**********0012"),
        ("credit_code", "91620100MA0000000C", "91************000C"),
        ("plate", "甘A12345", "甘A****5"),
        ("email", "li@example.org", "l****@example.org"),
        ("text", "李小满", "****"),
        ("phone", "", ""),
    ],
)
def test_what_may_be_seen_of_a_value(kind: str, value: str, seen: str) -> None:
    assert masked(kind, value) == seen


def test_cells_of_exports() -> None:
    assert [mask_cell(each) for each in ("打13812341234", 3, None)] == ["打****", 3, None]


@given(st.sampled_from(PERSONAL), AROUND)
def test_every_record_of_a_handler_is_masked(value: str, around: str) -> None:
    target = io.StringIO()
    handler = logging.StreamHandler(target)
    handler.addFilter(MaskingFilter())
    handler.setFormatter(logging.Formatter("%(message)s %(extra)s"))
    logger = logging.Logger("x")
    logger.addHandler(handler)
    logger.warning("%s and %r", value, {"phone": value}, extra={"extra": {"a": value}})
    logger.warning(f"{around} {value}", extra={"extra": value})
    logger.warning("broken %d", value, extra={"extra": 1})
    try:
        raise ValueError(value)
    except ValueError:
        logger.exception("it failed", extra={"extra": None})
    assert value not in target.getvalue()
    assert "it failed" in target.getvalue()


def test_all_handlers_of_the_product_mask(capfd: pytest.CaptureFixture[str]) -> None:
    logging.config.dictConfig(settings.LOGGING)
    for name in (
        "zhuoli.web",
        "zhuoli.office.worker",
        "django.request",
        "django.server",
        "django",
        "granian",
        "x",
    ):
        logging.getLogger(name).error("GET /x?phone=%s", "13812341234")
    said = capfd.readouterr().err
    assert said.count("GET /x?phone=****") == 7
    assert "13812341234" not in said
