"""One tiny change of a good folder each: exactly the expected mistake, in its file, on its line."""

from __future__ import annotations

import pytest

from .helpers import changed, good_files, line_of, read

S, F, E = "scenario.yaml", "form.yaml", "examples.yaml"

# file, passage, its replacement, code, passage on whose line the mistake is reported
FORM = [
    (S, "format: 1", "format: 2", "unknown_format", "format: 2"),
    (S, "scenario: street_lamp", "scenario: lamp", "id_differs", "scenario: lamp"),
    (S, "purpose:", "porpose:", "unknown_key", "porpose:"),
    (S, "rows: [S5]\n", "", "missing_key", "format: 1"),
    (S, "rows: [S5]", "rows: S5", "not_a_list", "rows: S5"),
    (S, "rows: [S5]", "rows:", "not_a_list", "rows:"),
    (S, "theme: city", "theme:", "empty_value", "theme:"),
    (S, "theme: city", "theme: [city]", "not_a_word", "theme: [city]"),
    (S, "theme: city", "theme: city\ntheme: town", "duplicate_key", "theme: town"),
    (S, "theme: city", "theme: &a city", "yaml_anchor", "theme: &a"),
    (S, "theme: city", "theme: !!str city", "yaml_tag", "theme: !!str"),
    (S, "theme: city", "theme: 'city", "yaml_syntax", None),
    (S, "theme: city", "theme: city: town", "yaml_syntax", "theme: city"),
    (S, "theme: city", "\ttheme: city", "yaml_syntax", "theme: city"),
    (S, "audience: [resident, enterprise]", "audience: [resident, enterprises]", "unknown_value", "enterprises]"),
    (S, "title: {zh: 路灯不亮, en: A street lamp is out}", "title: 路灯不亮", "not_text", "title: 路灯不亮"),
    (S, "title: {zh: 路灯不亮, en: A street lamp is out}", "title: {zh: 路灯不亮}", "missing_translation", "不亮}"),
    (S, "title: {zh: 路灯不亮, en: A street lamp is out}", 'title: {zh: 路灯不亮, en: ""}', "missing_translation", '""}'),
    (S, "title: {zh: 路灯不亮, en: A street lamp is out}", "title: {zh: 灯, en: A lamp, out}", "comma_in_text", "lamp, out"),
    (S, "title: {zh: 路灯不亮, en: A street lamp is out}", "title: {zh: 灯, en: A lamp, de: Lampe}", "unknown_key", "Lampe"),
    (S, "contests: 2", "contests: two", "not_an_integer", "contests: two"),
    (S, "contests: 2", 'contests: "2"', "not_an_integer", 'contests: "2"'),
    (S, "contests: 2", "contests: 2, rating: yes", "not_true_false", "rating: yes"),
    (S, "contests: 2", "contests: 2, rating: 是", "not_true_false", "rating: 是"),
    (S, "  inspection:\n", "  Inspection-1:\n", "bad_id", "Inspection-1"),
    (S, "joint:\n  suggest: [traffic]", "joint:\n  [suggest]: [power]", "key_not_text", "[suggest]"),
    (F, "type: place", "type: location", "unknown_value", "location"),
    (F, "      type: place\n", "", "missing_key", "title: {zh: 在哪里"),
    (F, "questions:\n    place:", "question:\n    place:", "unknown_key", "question:"),
    (E, "as: requester\n      do: confirm", "who: requester\n      do: confirm", "unknown_key", "who: requester"),
    (E, "as: requester\n      do: confirm", "as: requester\n      doo: confirm", "unknown_key", "doo: confirm"),
    ("notices/repaired.md", "# 路灯已修好 | The lamp is repaired", "路灯已修好", "notice_heading", "路灯已修好"),
    ("notices/repaired.md", "---en---", "---", "notice_english", "reported"),
    ("notices/repaired.md", "{{inspect.lamps}} in all", "{{inspect.lamp}} in all", "unknown_name_here", "in all"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "old", "new", "code", "passage"), FORM, ids=lambda value: None)
def test_one_mistake_of_form(file: str, old: str, new: str, code: str, passage: str | None) -> None:
    files = changed(file, old, new)
    scenario, mistakes = read(files)
    assert [one.code for one in mistakes] == [code]
    assert scenario is None
    mistake = mistakes[0]
    assert mistake.file == file
    if passage is not None:
        assert mistake.line == line_of(files, file, passage)
    assert mistake.message.zh
    assert mistake.message.en
    assert mistake.remedy.zh
    assert mistake.remedy.en


def test_the_good_folder_is_good() -> None:
    scenario, mistakes = read(good_files())
    assert mistakes == []
    assert scenario is not None
    assert len(scenario.version) == 16


@pytest.mark.parametrize("file", [S, F, E])
def test_a_missing_file_is_named(file: str) -> None:
    files = good_files()
    del files[file]
    scenario, mistakes = read(files)
    assert scenario is None
    assert [(one.code, one.file) for one in mistakes] == [("missing_file", file)]


@pytest.mark.parametrize("file", [S, F, E, "indicators.yaml"])
def test_an_empty_file_is_named(file: str) -> None:
    files = good_files()
    files[file] = b"# nothing\n"
    scenario, mistakes = read(files)
    assert scenario is None
    assert [(one.code, one.file) for one in mistakes] == [("yaml_empty", file)]


def test_after_a_syntax_error_the_other_files_go_on() -> None:
    files = good_files()
    files[S] = files[S].replace(b"theme: city", b"theme: 'city")
    files[F] = files[F].replace(b"type: place", b"type: location")
    files["notices/repaired.md"] = b"no heading"
    found = {(one.file, one.code) for one in read(files)[1]}
    assert found == {(S, "yaml_syntax"), (F, "unknown_value"), ("notices/repaired.md", "notice_heading")}


def test_bytes_that_are_not_utf8_are_named_with_their_line() -> None:
    files = good_files()
    files[F] = files[F].replace("在哪里".encode(), "在哪里".encode("gb18030"))
    scenario, mistakes = read(files)
    assert scenario is None
    assert [(one.code, one.file) for one in mistakes] == [("not_utf8", F)]
    assert mistakes[0].line == 6


def test_a_near_key_is_suggested_and_not_missed_again() -> None:
    _, mistakes = read(changed(S, "purpose:", "porpose:"))
    assert "“purpose”" in mistakes[0].remedy.zh
    assert "routing" not in mistakes[0].message.zh


def test_python_words_lead_to_the_words_of_the_file() -> None:
    _, mistakes = read(changed(S, "- if: form.danger = true", "- when: form.danger = true"))
    assert [one.code for one in mistakes] == ["unknown_key"]
    assert "“if”" in mistakes[0].remedy.en


def test_full_width_punctuation_is_explained() -> None:
    _, mistakes = read(changed(S, "theme: city", "theme\uff1acity"))
    assert [one.code for one in mistakes] == ["yaml_syntax"]
    assert "半角" in mistakes[0].remedy.zh
    assert "theme: city" in mistakes[0].remedy.zh


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    files = changed(S, 'version: "2010"\n    articles: 第二十二条', "version: 2010-10-01\n    articles: no")
    scenario, mistakes = read(files)
    assert mistakes == []
    assert scenario is not None
    assert scenario.legal_ground[0].version == "2010-10-01"
    assert scenario.legal_ground[0].articles == "no"
    assert scenario.forms["intake"].questions["dark_days"].max == "365"
