"""The shipped service guides hold together, and every slip in a sheet is told by its cell while the rest goes on."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.shelf import project_shelf

from zhuoli.core.guides import read_catalogue
from zhuoli.core.guides.read import COLUMNS
from zhuoli.core.scenario.shelf import folder_names
from zhuoli.core.text import Text

ROOT = Path(__file__).parents[3]
SERVICES = ROOT / "services"
UNHAPPY = {
    "refuse",
    "contest",
    "withdraw",
    "request_review",
    "merge",
    "request_supplement",
    "transfer",
    "decide_review",
}
ENDS = {"refused", "withdrawn", "unconfirmed", "merged"}
SHELF = set(folder_names(ROOT / "scenarios"))


def test_the_shipped_catalogue_is_whole() -> None:
    found = read_catalogue(SERVICES, SHELF)
    assert [f"{m.file}:{m.line} {m.message.en}" for m in found.mistakes] == []
    assert (
        len(found.guides) >= 186
    )  # what the report cites as done online; these are guides, most of them nothing more
    assert all(each.grounds for each in found.guides)
    assert all(each.materials for each in found.guides)


def test_every_scenario_that_the_public_can_begin_online_has_its_guide() -> None:
    named = {each.scenario for each in read_catalogue(SERVICES, SHELF).guides if each.scenario}
    assert named <= SHELF
    shelf = project_shelf().scenarios
    public = {
        name
        for name, each in shelf.items()
        if "web" in each.channels and {"resident", "enterprise"} & set(each.audience)
    }
    assert public - named == set()
    assert named - public == set()


def test_every_scenario_has_what_a_story_needs() -> None:
    """Six worked examples, unhappy ways among them, figures, words in both languages, and a place on the portal."""
    for name, each in project_shelf().scenarios.items():
        assert len(each.examples) >= 6, name
        unhappy = [
            one
            for one in each.examples.values()
            if any(step.refused or step.do in UNHAPPY for step in one.steps)
            or any("late" in step.expect or step.expect.get("status") in ENDS for step in one.steps)
        ]
        assert len(unhappy) >= 2, name
        assert len(each.indicators) >= (3 if "web" in each.channels else 1), name
        texts = (each.title, each.purpose, *(one.title for one in each.examples.values()))
        assert all(text.zh and text.en for text in texts), name
        if "web" in each.channels:
            assert each.theme, name
            assert each.words["zh"], name
            assert each.words["en"], name


def test_a_guide_says_how_far_it_goes() -> None:
    found = read_catalogue(SERVICES, SHELF)
    card = found.guide("exam_card")
    assert card is not None
    assert (card.depth, card.scenario) == ("full", "exam_id_green_channel")
    assert card.statutory == Text("60日", "60 days")
    booked = read_catalogue(SERVICES, SHELF, {"legal_service_request"}).guide("legal_help")
    assert booked is not None
    assert booked.depth == "appointment"
    passport = found.guide("passport_first")
    assert passport is not None
    assert passport.depth == "guide"
    assert not passport.confirm
    assert "护照法" in [each.law for each in passport.grounds]


@pytest.fixture
def sheets(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SERVICES, tmp_path / "services"))


def edit(
    sheets: Path, column: str, value: str, name: str = "identity.csv", line: int = 2
) -> list[tuple[str, str, int, str]]:
    """Change one cell of one service and read again; the other services must still be there."""
    path = sheets / name
    rows = path.read_text("utf-8-sig").splitlines()
    cells = rows[line - 1].split(",")
    assert len(cells) == len(COLUMNS), "the row has no quoted cell"
    cells[COLUMNS.index(column)] = value
    rows[line - 1] = ",".join(cells)
    path.write_text("\n".join(rows), "utf-8")
    found = read_catalogue(sheets, SHELF)
    assert len(found.guides) == len(read_catalogue(SERVICES, SHELF).guides) - 1
    return [(m.code, m.file, m.line, COLUMNS[m.column - 1]) for m in found.mistakes]


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("id", "First Card", "bad_key"),
        ("title.en", "", "missing_language"),
        ("who.zh", "", "missing_language"),
        ("materials", "register;golden_key", "unknown_key"),
        ("statutory", "两个月", "bad_time"),
        ("visits", "twice", "bad_number"),
        ("visits", "99", "bad_number"),
        ("fee", "a lot", "unknown_key"),
        ("grounds", "", "no_ground"),
        ("grounds", "no_such_law:第一条", "unknown_key"),
        ("grounds", "id_card:", "not_certain"),
        ("confirm", "maybe", "bad_word"),
        ("scenario", "no_such_scenario", "unknown_scenario"),
    ],
)
def test_one_wrong_cell_is_named_and_the_rest_goes_on(
    sheets: Path, column: str, value: str, code: str
) -> None:
    found = edit(sheets, column, value)
    expected = "confirm" if code == "not_certain" else column
    assert found == [(code, "identity.csv", 2, expected)]


def test_the_second_of_two_equal_ids_is_told(sheets: Path) -> None:
    assert edit(sheets, "id", "first_card", line=4) == [("twice", "identity.csv", 4, "id")]


def test_a_missing_sheet_and_wrong_headings_are_told(sheets: Path) -> None:
    (sheets / "network.csv").unlink()
    (sheets / "drivers.csv").write_text("id,title\nx,y\n", "utf-8")
    found = read_catalogue(sheets)
    assert sorted((m.code, m.file) for m in found.mistakes) == [
        ("missing_sheet", "network.csv"),
        ("wrong_columns", "drivers.csv"),
    ]
    assert found.guide("passport_first") is not None


def test_what_excel_saves_in_china_is_read(sheets: Path) -> None:
    path = sheets / "residence.csv"
    path.write_bytes(path.read_text("utf-8-sig").encode("gb18030"))
    assert read_catalogue(sheets).mistakes == ()


def test_a_folder_that_is_not_there_gives_mistakes_not_a_crash(tmp_path: Path) -> None:
    found = read_catalogue(tmp_path / "nowhere")
    assert found.guides == ()
    assert {m.code for m in found.mistakes} == {"missing_sheet"}
