"""Each scenario's page for officers and the curious, worked out from its folder alone."""

from __future__ import annotations

import re
from collections import OrderedDict
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from tests.shelf import project_shelf
from tests.web.site import Clock, Visitor

from zhuoli.core.case.plan import Plan
from zhuoli.web.scenarios import pages
from zhuoli.web.scenarios.blocks import paper, rich
from zhuoli.web.scenarios.pages import PARTS

SHELF = project_shelf().scenarios


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", list(SHELF))
def test_page_of_every_scenario(visitor: Visitor, name: str, lang: str) -> None:
    scenario = SHELF[name]
    visitor.get(f"/{lang}/scenarios/{name}/")
    assert visitor.status == 200
    said = visitor.text
    for part in PARTS:
        assert visitor.html.count(f'href="#{part}"') == 1
        assert len(re.findall(rf'\bid="{part}"', visitor.html)) == 1, part
    assert scenario.title.in_language(lang) in said
    for law in scenario.legal_ground:
        assert law.law in said
    for group in (scenario.notices, scenario.indicators, scenario.examples):
        for each in group.values():
            assert each.title.in_language(lang) in said
    for question in scenario.forms[scenario.intake].questions.values():
        if question.type != "calculate":
            assert question.title.in_language(lang) in said
    for table in scenario.tables:
        assert table in said
    ids = re.findall(r'\bid="([^"]+)"', visitor.html)
    assert len(ids) == len(set(ids)), "an id is there twice"
    assert "{{" not in visitor.html


def test_a_page_is_drawn_once_for_its_content(
    visitor: Visitor, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Drawn again only for another language, another day of the example, or another version of the scenario."""
    drawn: list[str] = []
    before = pages._drawn
    monkeypatch.setattr(pages, "_bodies", OrderedDict())

    def counted(plan: Plan, lang: str, start: int) -> dict[str, Any]:
        drawn.append(lang)
        return before(plan, lang, start)

    monkeypatch.setattr(pages, "_drawn", counted)
    first = visitor.get("/en/scenarios/public_need/").html
    again = visitor.get("/en/scenarios/public_need/").html
    assert drawn == ["en"]
    assert first.split("<main")[1].split("</main>")[0] == again.split("<main")[1].split("</main>")[0]
    visitor.get("/zh/scenarios/public_need/")
    clock.pass_hours(48)
    assert visitor.get("/en/scenarios/public_need/").html.count('id="deadlines"') == 1
    assert drawn == ["en", "zh", "en"]


def test_preview_cannot_be_sent(visitor: Visitor) -> None:
    visitor.get("/en/scenarios/public_need/")
    assert '<fieldset class="preview" disabled>' in visitor.html
    assert not [form for form in visitor.forms if form.method == "post"]


def test_deadlines_are_explained_by_an_example(clock: Clock, visitor: Visitor) -> None:
    # Wednesday 4 March 2026: the example begins on Thursday at ten; five working days end on the next Thursday.
    visitor.get("/en/scenarios/public_need/")
    assert "Thu 5 Mar, 10:00" in visitor.text
    assert "Thu 12 Mar, 17:30" in visitor.text


def test_examples_have_been_run(visitor: Visitor) -> None:
    visitor.get("/en/scenarios/public_need/")
    assert "A dark street light, repaired and struck off" in visitor.text
    assert "Then: the status is Received" in visitor.text
    assert "will be refused" in visitor.text


def test_files_of_the_folder_are_shown_as_they_are(visitor: Visitor) -> None:
    visitor.get("/en/scenarios/public_need/files/")
    source = (settings.ENVIRONMENT.scenarios / "public_need" / "pace.csv").read_text("utf-8")
    assert source.splitlines()[1] in visitor.text.replace("\u00a0", " ")
    for name in ("scenario.yaml", "form.yaml", "pace.csv", "examples.yaml"):
        assert name in visitor.text


def test_what_is_not_on_the_shelf(clock: Clock) -> None:
    for path in ("nothing/", "nothing/files/"):
        assert Client().get(f"/en/scenarios/{path}").status_code == 404
    assert Client().get("/en/scenarios/%2e%2e/").status_code == 404


def test_marks_become_elements_and_everything_else_stays_text() -> None:
    assert rich("**a** `b` <script> {{case.unit}}") == (
        '<strong>a</strong> <code>b</code> &lt;script&gt; <span class="place">case.unit</span>'
    )
    assert [kind for kind, _ in paper("# T\n\none\n\n- a\n- b\n")] == ["h", "p", "li", "li"]
