"""The design system keeps its own rules: contrast, one place for colours, red for the seal alone, a theme by choice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from tests.web.site import Clock, Visitor

from zhuoli import web
from zhuoli.web.design.tokens import LAYERS, LINES, PAIRS, Pair, colours, contrast, themes
from zhuoli.web.errors import STATUSES

STATIC = Path(web.__file__).parent / "static"
SHEETS = sorted((STATIC / "css").glob("*.css"))
RAW = re.compile(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\(")
NAMED = re.compile(
    r":[^;{}]*(?<![-\w])(?:white|black|red|green|blue|gr[ae]y|silver|yellow|orange|teal|navy)(?![-\w])"
)
SEAL = re.compile(r"var\(--seal\)")
OF_THE_SEAL = {".seal", ".zl-seal", ".zl-seal-text", ".patch-seal"}


def rules(sheet: Path) -> list[tuple[str, str]]:
    css = re.sub(r"/\*.*?\*/", "", sheet.read_text("utf-8"), flags=re.DOTALL)
    return [(" ".join(selector.split()), body) for selector, body in re.findall(r"([^{}]+)\{([^{}]*)\}", css)]


def test_contrast_is_what_the_guidelines_compute() -> None:
    # Examples of the WCAG working group: black on white, and the greys just above and below 4.5.
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: f"{pair.front} on {pair.ground}")
def test_every_pair_can_be_read(theme: str, pair: Pair) -> None:
    found = colours(theme)  # type: ignore[arg-type]
    assert contrast(found[pair.front], found[pair.ground]) >= pair.least


def test_no_colour_is_left_out_of_the_pairs() -> None:
    paired = {name for pair in PAIRS for name in (pair.front, pair.ground)}
    assert set(themes()["light"]) - LAYERS == paired | LINES


def test_every_theme_has_every_colour() -> None:
    found = themes()
    assert found["dark"] == found["dark_chosen"]
    assert set(found["dark"]) == set(found["light"])
    assert set(found["print"]) == set(found["light"]) - LAYERS
    assert set(found["forced"]) == set(found["light"])


@pytest.mark.parametrize(
    "sheet", [each for each in SHEETS if each.name != "tokens.css"], ids=lambda each: each.name
)
def test_no_colour_is_written_outside_the_tokens(sheet: Path) -> None:
    for selector, body in rules(sheet):
        assert not RAW.search(body), f"{sheet.name}: {selector} {{{body}}}"
        assert not NAMED.search(body), f"{sheet.name}: {selector} {{{body}}}"


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda each: each.name)
def test_every_token_that_is_used_exists(sheet: Path) -> None:
    known = {*themes()["light"], *themes()["measure"]}
    assert set(re.findall(r"var\(--([a-z0-9-]+)", sheet.read_text("utf-8"))) <= known


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda each: each.name)
def test_red_is_the_seals_alone(sheet: Path) -> None:
    for selector, body in rules(sheet):
        if SEAL.search(body):
            parts = {part.strip().removeprefix("rect") for part in selector.split(",")}
            assert parts <= OF_THE_SEAL, f"{sheet.name}: {selector}"


def test_no_gradient_and_nothing_moves_for_long() -> None:
    for sheet in SHEETS:
        css = sheet.read_text("utf-8")
        assert "gradient(" not in css, sheet.name
        for moved in re.findall(r"transition:([^;]+);", css):
            assert "var(--quick)" in moved or moved.strip() == "none !important", f"{sheet.name}: {moved}"
    assert themes()["measure"]["quick"] == "120ms"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_shows_every_component_in_light_and_dark(visitor: Visitor, lang: str) -> None:
    visitor.get(f"/{lang}/design/")
    assert visitor.status == 200
    assert visitor.html.count('class="specimen" data-theme="light"') == visitor.html.count(
        'class="specimen" data-theme="dark"'
    )
    ids = re.findall(r'\bid="([^"]+)"', visitor.html)
    assert len(ids) == len(set(ids)), "an id is there twice"
    for name in {*themes()["light"]} - LAYERS:
        assert f"patch-{name}" in visitor.html


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("status", STATUSES)
def test_every_error_has_its_page(visitor: Visitor, lang: str, status: int) -> None:
    visitor.get(f"/{lang}/design/errors/{status}/")
    assert visitor.status == 200
    assert str(status) in visitor.text
    assert visitor.html.count("<h1>") == 1


def test_an_error_that_has_no_page_is_not_shown(visitor: Visitor) -> None:
    assert visitor.get("/en/design/errors/418/").status == 404


def test_theme_is_kept_and_given_up_without_script(clock: Clock) -> None:
    client = Client()
    page = client.get("/en/about/").content.decode()
    assert "data-theme" not in page
    assert 'href="/en/theme/dark/?next=%2Fen%2Fabout%2F"' in page
    answer = client.get("/en/theme/dark/?next=%2Fen%2Fabout%2F")
    assert (answer.status_code, answer["Location"]) == (302, "/en/about/")
    page = client.get("/en/about/").content.decode()
    assert '<html lang="en" data-theme="dark">' in page
    assert '<meta name="color-scheme" content="dark">' in page
    client.get("/en/theme/auto/")
    assert "data-theme" not in client.get("/en/about/").content.decode()


def test_theme_leads_nowhere_else(clock: Clock) -> None:
    client = Client()
    assert client.get("/en/theme/dark/?next=https://elsewhere.example/")["Location"] == "/en/"
    assert client.get("/en/theme/dark/?next=//elsewhere.example/")["Location"] == "/en/"
    assert client.get("/en/theme/pink/").status_code == 404
    client.cookies["theme"] = '"><script>'
    assert "<script>" not in client.get("/en/about/").content.decode()


def test_a_method_that_is_not_allowed_gets_a_page(clock: Clock) -> None:
    answer = Client().post("/en/about/")
    assert answer.status_code == 405
    assert "GET" in answer["Allow"]
    assert b"<h1>" in answer.content
    assert answer["Cache-Control"] == "no-store"


def test_too_much_is_told_as_such(clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA_UPLOAD_MAX_NUMBER_FIELDS", 3)
    answer = Client().post("/en/check/", dict.fromkeys("abcdef", "x"))
    assert answer.status_code == 413
    assert b"too much to send" in answer.content


def test_maintenance_closes_the_pages_and_nothing_else(
    clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import msgspec

    monkeypatch.setattr(settings, "ENVIRONMENT", msgspec.structs.replace(settings.ENVIRONMENT, data=tmp_path))
    (tmp_path / "maintenance").write_text("18:30 <b>", "utf-8")
    for path in ("/zh/", "/en/desk/", "/"):
        answer = Client().get(path)
        assert answer.status_code == 503
        assert answer["Retry-After"] == "600"
        assert answer["Cache-Control"] == "no-store"
        assert "18:30 &lt;b&gt;" in answer.content.decode()
    assert Client().post("/zh/check/", {"receipt": "x"}).status_code == 503
    assert Client().get("/healthz").status_code == 200
    (tmp_path / "maintenance").unlink()
    assert Client().get("/zh/").status_code == 200
