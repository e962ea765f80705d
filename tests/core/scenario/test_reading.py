"""Reading never fails otherwise than by mistakes; archives, versions, shelves and their cache."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from zhuoli.core.case import examples as runner
from zhuoli.core.case.plan import MOMENTS
from zhuoli.core.scenario.check.events import AFTER_THE_END, CASE_EVENTS
from zhuoli.core.scenario.check.examples import EXPECTATIONS
from zhuoli.core.scenario.directory_words import OTHER_ROLES, ROLES
from zhuoli.core.scenario.explain.words import CASE_EVENT_WORDS
from zhuoli.core.scenario.folder import read_bytes, read_files, read_folder
from zhuoli.core.scenario.shelf import read_shelf
from zhuoli.core.scenario.source import content_hash, folder_bytes, from_bytes, pack
from zhuoli.places import units
from zhuoli.places.posts import make_posts

from .helpers import GOOD, SHELF, good_files, read

ROOT = Path(__file__).parents[3]
TEXTS = {name: data.decode() for name, data in good_files().items()}
YAML = sorted(name for name in TEXTS if name.endswith((".yaml", ".csv", ".md")))
SIGNS = "\t :,-#&*!|>'\"%@`{}[]?\n0aé中\uff1a\uff0c\x00\x07\u2028\U0001f600~.=<>()/\\"


def settled(files: dict[str, bytes]) -> None:
    """Whatever was written, the answer is a scenario or mistakes, each in full."""
    scenario, mistakes = read_files(files, folder="street_lamp")
    assert scenario is not None or any(one.severity == "error" for one in mistakes)
    for one in mistakes:
        assert one.code
        assert one.file
        assert one.line >= 0
        assert one.message.zh
        assert one.message.en
        assert one.remedy.zh
        assert one.remedy.en


@settings(max_examples=250, deadline=None)
@given(
    file=st.sampled_from(YAML),
    at=st.floats(0, 1),
    length=st.integers(0, 12),
    new=st.text(SIGNS, max_size=6),
)
def test_any_small_damage_gives_mistakes_never_a_traceback(
    file: str, at: float, length: int, new: str
) -> None:
    text = TEXTS[file]
    start = int(at * len(text))
    files = good_files()
    files[file] = (text[:start] + new + text[start + length :]).encode()
    settled(files)


@settings(max_examples=150, deadline=None)
@given(
    file=st.sampled_from([name for name in YAML if name.endswith(".yaml")]),
    line=st.integers(0, 200),
    act=st.sampled_from(["drop", "double", "indent", "dedent", "swap"]),
)
def test_any_line_moved_gives_mistakes_never_a_traceback(file: str, line: int, act: str) -> None:
    lines = TEXTS[file].split("\n")
    here = line % (len(lines) - 1)
    if act == "drop":
        del lines[here]
    elif act == "double":
        lines.insert(here, lines[here])
    elif act == "indent":
        lines[here] = "  " + lines[here]
    elif act == "dedent":
        lines[here] = lines[here].removeprefix("  ")
    else:
        lines[here], lines[here + 1] = lines[here + 1], lines[here]
    files = good_files()
    files[file] = "\n".join(lines).encode()
    settled(files)


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_any_word_in_the_place_of_another_gives_mistakes_never_a_traceback(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(YAML))
    found = list(re.finditer(r"[A-Za-z_][\w.]*|\d+", TEXTS[file]))
    here = data.draw(st.sampled_from(found))
    new = data.draw(
        st.sampled_from([one[0] for one in found]) | st.sampled_from(["", "null", "[]", "{}", "true", "-1"])
    )
    files = good_files()
    files[file] = (TEXTS[file][: here.start()] + new + TEXTS[file][here.end() :]).encode()
    settled(files)


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=200))
@example(b"\xff\xfe")
@example(b"[" * 5000)
@example(b"{a: " * 900)
@example(b"a: &x [*x]")
@example(b"- " * 3000)
def test_any_bytes_give_mistakes_never_a_traceback(data: bytes) -> None:
    for name in ("scenario.yaml", "form.yaml", "severity.csv", "notices/repaired.md"):
        files = good_files()
        files[name] = data
        settled(files)


def test_a_deep_answer_is_refused_before_it_hurts() -> None:
    files = good_files()
    files["examples.yaml"] = files["examples.yaml"].replace(
        b"score: 5", b"score: " + b"[" * 300 + b"]" * 300, 1
    )
    assert "too_deep" in [one.code for one in read(files)[1]]


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(min_size=1, max_size=20), st.text(max_size=200), max_size=5))
def test_an_archive_gives_back_the_same_bytes(texts: dict[str, str]) -> None:
    files = {name: text.encode("utf-8", "surrogatepass") for name, text in texts.items()}
    try:
        packed = pack(files)
    except ValueError:
        return
    assert from_bytes(packed) == files
    assert pack(dict(reversed(files.items()))) == packed


def test_a_stored_version_reads_as_the_folder_did() -> None:
    packed = folder_bytes(GOOD)
    assert folder_bytes(GOOD) == packed
    from_folder, _ = read_folder(GOOD)
    from_store, mistakes = read_bytes(packed)
    assert mistakes == []
    assert from_store == from_folder
    assert from_folder is not None
    assert content_hash(from_bytes(packed)).startswith(from_folder.version)


@pytest.mark.parametrize(
    "data", [b"", b"{}", b"[]", b"\xff", b'{"zhuoli_folder":2,"files":{}}', b'{"zhuoli_folder":1}']
)
def test_other_bytes_are_no_archive(data: bytes) -> None:
    with pytest.raises(ValueError, match="archive"):
        from_bytes(data)


def test_names_and_bytes_cannot_be_shifted_into_each_other() -> None:
    assert content_hash({"ab": b"c"}) != content_hash({"a": b"bc"})
    assert content_hash({"a": b"", "b": b"x"}) != content_hash({"a": b"x", "b": b""})


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    shutil.copytree(SHELF, tmp_path / "shelf")
    return tmp_path / "shelf"


def test_a_broken_folder_never_takes_the_others_down(shelf: Path) -> None:
    (shelf / "empty").mkdir()
    (shelf / "broken").mkdir()
    (shelf / "broken" / "scenario.yaml").write_text("title: [", encoding="utf-8")
    (shelf / "README.md").write_text("not a folder", encoding="utf-8")
    found = read_shelf(shelf)
    assert list(found.scenarios) == ["street_lamp"]
    assert found.folders == {"street_lamp": shelf / "street_lamp"}
    assert {Path(one.file).parent.name for one in found.mistakes} == {"broken", "empty"}


def test_a_missing_shelf_is_a_mistake(tmp_path: Path) -> None:
    assert [one.code for one in read_shelf(tmp_path / "none").mistakes] == ["no_folder"]
    assert [one.code for one in read_folder(tmp_path / "none")[1]] == ["no_folder"]


def test_files_that_do_not_belong_are_named_and_leftovers_passed_over(shelf: Path) -> None:
    folder = shelf / "street_lamp"
    for name in (".scenario.yaml.swp", "scenario.yaml~", "~$severity.csv"):
        (folder / name).write_text("x", encoding="utf-8")
    before = read_folder(folder)
    assert before[1] == []
    (folder / "photo.jpg").write_bytes(b"x")
    (folder / "old").mkdir()
    (folder / "notices" / "a.txt").write_text("x", encoding="utf-8")
    (folder / "link.csv").symlink_to("/etc/hosts")
    scenario, mistakes = read_folder(folder)
    assert scenario is None
    assert [(one.code, Path(one.file).name) for one in mistakes] == [
        ("unknown_file", "link.csv@"),
        ("unknown_file", "a.txt"),
        ("unknown_file", "old"),
        ("unknown_file", "photo.jpg"),
    ]


def test_a_query_and_its_servings_are_no_tables(shelf: Path) -> None:
    folder = shelf / "street_lamp"
    (folder / "query.sql").write_text("select 1", encoding="utf-8")
    (folder / "servings.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    scenario, mistakes = read_folder(folder, check=False)
    assert mistakes == []
    assert scenario is not None
    assert list(scenario.tables) == ["severity"]


def test_the_cache_says_the_same_and_notices_every_change(shelf: Path, tmp_path: Path) -> None:
    cache = tmp_path / "kept" / "shelf.msgpack"
    (shelf / "broken").mkdir()
    first = read_shelf(shelf, cache=cache)
    assert cache.is_file()
    stamp = cache.stat().st_mtime_ns
    assert read_shelf(shelf, cache=cache) == first
    assert cache.stat().st_mtime_ns == stamp
    file = shelf / "street_lamp" / "scenario.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("三个工作日", "两个工作日"), encoding="utf-8")
    second = read_shelf(shelf, cache=cache)
    assert second == read_shelf(shelf)
    assert second.scenarios["street_lamp"].version != first.scenarios["street_lamp"].version
    (shelf / "street_lamp" / "severity.csv").write_text("F\n", encoding="utf-8")
    assert read_shelf(shelf, cache=cache).scenarios == {}
    shutil.rmtree(shelf / "broken")
    assert {Path(one.file).parent.name for one in read_shelf(shelf, cache=cache).mistakes} == {"street_lamp"}
    cache.write_bytes(b"rubbish")
    assert read_shelf(shelf, cache=cache) == read_shelf(shelf)


def test_words_that_others_define_too_are_the_same() -> None:
    core = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "src/zhuoli/core/case").glob("*.py"))
    assert set(re.findall(r'tell\(case, "case\.([a-z_]+)"\)', core)) == set(CASE_EVENTS)
    assert set(AFTER_THE_END) <= set(CASE_EVENTS)
    assert set(CASE_EVENTS) <= CASE_EVENT_WORDS.keys()
    assert {one.removeprefix("case.") for one in MOMENTS} <= CASE_EVENT_WORDS.keys()
    assert set(EXPECTATIONS) == set(runner._EXPECT)
    posts = {role for post in make_posts(units_of_one_of_each_kind()) for role in post.roles}
    assert posts == {*ROLES, *OTHER_ROLES}


def units_of_one_of_each_kind() -> list[units.OfficeUnit]:
    made = []
    for kind in units.KINDS:
        fields = dict.fromkeys(units.OfficeUnit.__struct_fields__, "")
        made.append(units.OfficeUnit(**{**fields, "id": kind, "kind": kind}))  # type: ignore[arg-type]
    return made
