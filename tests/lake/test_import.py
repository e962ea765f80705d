"""Files come in: kinds and encodings, each kind of wrong row with its reason, changes, and rejects that are corrected."""

from __future__ import annotations

import csv
import stat
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa
import pyarrow.parquet
import pytest
from openpyxl import Workbook

from zhuoli.core.registers.reasons import REASONS
from zhuoli.lake import importing, source
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.history import Told, history
from zhuoli.lake.importing import Imported, import_file
from zhuoli.lake.reading import MASK, connect, sample, standing
from zhuoli.lake.source import Unreadable, tell_encoding

from .helpers import NOW, TOWN_ROWS, registers

HEAD = "档案号,乡镇,号牌,信用代码,检验到期,座位,用途,吨位,有效"
GOOD = "1,620102001000,甘A12345,91620102MA71ABC008,2024-05-01,7,营运,1.5,是"


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    (tmp_path / "towns.csv").write_text(TOWN_ROWS, encoding="utf-8")
    made = import_file(tmp_path / "lake", registers(tmp_path), "towns", tmp_path / "towns.csv", now=NOW)
    assert (made.accepted, made.rejected) == (2, 0)
    return tmp_path


def take(
    lake: Path, content: str | bytes, name: str = "vans.csv", *, later: int = 0, **more: Any
) -> Imported:
    path = lake / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return import_file(lake / "lake", registers(lake), "vans", path, now=NOW + later, **more)


def rows(lake: Path, columns: str = "van") -> list[Any]:
    connection = connect(lake / "lake", registers(lake).values(), threads=1)
    found = connection.sql(f"SELECT {columns} FROM vans ORDER BY van").fetchall()
    return [row[0] if len(row) == 1 else row for row in found]


def rejected(made: Imported) -> list[dict[str, str]]:
    with Path(made.rejects).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters_are_told_apart(lake: Path, encoding: str, delimiter: str) -> None:
    text = f"{HEAD}\r\n{GOOD}\r\n".replace(",", delimiter)
    made = take(lake, text.encode(encoding))
    assert (made.read, made.accepted, made.encoding) == (1, 1, encoding)
    assert (
        str(rows(lake, "use, seats, weight, valid, due")[0])
        == "('hire', 7, 1.5, True, datetime.date(2024, 5, 1))"
    )


def test_excel_and_parquet_give_the_same_rows(lake: Path) -> None:
    book = Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(
        [1, "620102001000", "甘A12345", "91620102MA71ABC008", "2024-05-01", 7.0, "For hire", 1.5, True]
    )
    book.active.append([])
    book.active.append([2, "620102001000", None, None, "2024-05-01", 12, None, None, None])
    book.save(lake / "vans.xlsx")
    made = import_file(lake / "lake", registers(lake), "vans", lake / "vans.xlsx", now=NOW)
    assert (made.read, made.accepted, made.rejected) == (2, 1, 1)
    assert rejected(made)[0]["#行号 row"] == "4"
    before = rows(lake, "*")
    table = pa.table(
        {
            "van": pa.array([1], pa.int32()),
            "town": ["620102001000"],
            "plate": ["甘A12345"],
            "owner": ["91620102MA71ABC008"],
            "due": pa.array([19844], pa.int32()).cast(pa.date32()),
            "seats": [7],
            "use": ["hire"],
            "weight": [1.5],
            "valid": [True],
        }
    )
    pyarrow.parquet.write_table(table, lake / "vans.parquet")
    made = import_file(lake / "lake", registers(lake), "vans", lake / "vans.parquet", now=NOW + 1)
    assert made.accepted == 1
    assert rows(lake, "*") == before


WRONG = [
    ("x1,620102001000,,,2024-05-01,7,,,", "van", "not_integer"),
    (",620102001000,,,2024-05-01,7,,,", "van", "missing"),
    ("0,620102001000,,,2024-05-01,7,,,", "van", "too_small"),
    ("1.5,620102001000,,,2024-05-01,7,,,", "van", "not_integer"),
    ("99999999999999999999,620102001000,,,2024-05-01,7,,,", "van", "not_integer"),
    ("1,62010200100,,,2024-05-01,7,,,", "town", "division"),
    ("1,620199001000,,,2024-05-01,7,,,", "town", "foreign_key"),
    ("1,620102001000,甘O12345,,2024-05-01,7,,,", "plate", "plate"),
    ("1,620102001000,甘A1234,,2024-05-01,7,,,", "plate", "plate"),
    ("1,620102001000,,91620102MA71ABC009,2024-05-01,7,,,", "owner", "credit_code"),
    ("1,620102001000,,,2024-13-01,7,,,", "due", "not_date"),
    ("1,620102001000,,,infinity,7,,,", "due", "not_date"),
    ("1,620102001000,,,2024-02-30,7,,,", "due", "not_date"),
    ("1,620102001000,,,1999-12-31,7,,,", "due", "too_small"),
    ("1,620102001000,,,2014-01-01,7,,,", "due", "past_deletion"),
    ("1,620102001000,,,—,7,,,", "due", "missing"),
    ("1,620102001000,,,2024-05-01,6,,,", "seats", "too_small"),
    ("1,620102001000,,,2024-05-01,10,,,", "seats", "too_great"),
    ("1,620102001000,,,2024-05-01,７座,,,", "seats", "not_integer"),
    ("1,620102001000,,,2024-05-01,7,出租,,", "use", "category"),
    ("1,620102001000,,,2024-05-01,7,,nan,", "weight", "not_number"),
    ("1,620102001000,,,2024-05-01,7,,1e5,", "weight", "not_number"),
    ("1,620102001000,,,2024-05-01,7,,,也许", "valid", "not_boolean"),
]


@pytest.mark.parametrize(("line", "field", "code"), WRONG)
def test_each_wrong_value_is_kept_with_its_reason(lake: Path, line: str, field: str, code: str) -> None:
    made = take(lake, f"{HEAD}\n9,620103001000,,,2024-05-01,,,,\n{line}\n")
    assert (made.accepted, made.rejected) == (1, 1)
    [row] = rejected(made)
    assert (row["#行号 row"], row["#字段 field"]) == ("3", field)
    message = REASONS[code][0]
    assert row["#原因"].startswith(message.zh.partition("{")[0][:2])
    assert message.en.rpartition("}")[2].strip() in row["#reason"]
    assert all((row["#怎么改"], row["#remedy"]))
    assert list(row.values())[6:-1] == line.split(",")
    assert stat.S_IMODE(Path(made.rejects).stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "value", ["2024-5-1", "2024/05/01", "20240501", "2024年5月1日", "2024-05-01 00:00:00", "　2024-05-01 "]
)
def test_dates_as_people_write_them(lake: Path, value: str) -> None:
    take(lake, f"{HEAD}\n1,620102001000,,,{value},7,,,\n")
    assert [str(each) for each in rows(lake, "due")] == ["2024-05-01"]


def test_rows_are_looked_at_together(lake: Path) -> None:
    made = take(
        lake,
        f"{HEAD}\n1,620102001000,甘A12345,,2024-05-01,,,,\n1,620102001000,,,2024-05-01,,,,\n"
        "2,620102001000,甘A12345,,2024-05-01,,,,\n3,620102001000,,,2024-05-01\n4,620102001000,,,2024-05-01,,,,\n",
    )
    assert rows(lake) == [1, 4]
    told = {row["#行号 row"]: row["#reason"] for row in rejected(made)}
    assert told["3"].startswith("The same as row 2 (1)")
    assert told["4"].startswith("The same as row 2 (甘A12345)")
    assert "5 columns, the heading 9" in told["5"]


def test_what_was_not_taken_is_corrected_and_comes_in(lake: Path) -> None:
    made = take(lake, f"{HEAD}\n{GOOD}\n2,620102001000,甘A1,,2024-05-01,7,,,\n")
    assert made.rejected == 1
    text = Path(made.rejects).read_text(encoding="utf-8-sig").replace("甘A1,", "甘A54321,")
    made = take(lake, text, "again.csv", later=1, mode="changes")
    assert (made.accepted, made.rejected, made.ignored) == (1, 0, ())
    assert rows(lake, "van, plate") == [(1, "甘A12345"), (2, "甘A54321")]


def test_each_import_is_remembered_with_what_became_of_rows_not_taken(lake: Path) -> None:
    def told() -> list[Told]:
        return history(lake / "lake", "vans")

    first = take(lake, f"{HEAD}\n{GOOD}\n2,620102001000,甘A1,,2024-05-01,7,,,\n3,620102001000,,,x,7,,,\n")
    [one] = told()
    assert (one.past.file, one.past.by, one.past.mode) == ("vans.csv", "night", "whole")
    assert (one.past.accepted, one.past.rejected, one.past.added, one.past.rows) == (1, 2, 1, 1)
    assert one.past.pace > 0
    assert (one.fate, one.rejects) == ("kept", Path(first.rejects).name)
    text = Path(first.rejects).read_text(encoding="utf-8-sig").replace("甘A1,", "甘A54321,")
    take(lake, text, "改好的.csv", later=1, mode="changes", by="数据岗")
    fixed, one = told()
    assert (fixed.past.file, fixed.past.by, fixed.past.accepted) == ("改好的.csv", "数据岗", 1)
    assert (one.fate, one.came_in, one.again[0].id) == ("corrected", 1, fixed.past.id)
    Path(first.rejects).unlink()
    assert [each.fate for each in told()] == ["kept", "corrected"]
    assert told()[1].rejects == ""
    # Nothing can be taken of the next one: the rows stay, and it is told all the same.
    before = RegisterFolder(lake / "lake", "vans").state()
    take(lake, f"{HEAD}\nx,620102001000,,,2024-05-01,7,,,\n", "bad.csv", later=2)
    after = RegisterFolder(lake / "lake", "vans").state()
    assert before is not None
    assert after is not None
    assert msgspec.structs.replace(after, imports=before.imports) == before
    assert (told()[0].past.file, told()[0].past.accepted, told()[0].past.rows) == ("bad.csv", 0, 2)


def test_rows_that_came_went_and_changed_are_counted(lake: Path) -> None:
    def counted() -> tuple[int | None, int | None, int | None]:
        past = history(lake / "lake", "vans")[0].past
        return past.added, past.replaced, past.removed

    line = "{},620102001000,,,2024-05-01,{},,,\n"
    take(lake, f"{HEAD}\n" + "".join(line.format(n, 7) for n in (1, 2, 3)))
    assert counted() == (3, 0, 0)
    take(lake, f"{HEAD}\n" + line.format(1, 7) + line.format(2, 8) + line.format(4, 7), later=1)
    assert counted() == (1, 1, 1)
    take(
        lake,
        "变更,档案号,乡镇,检验到期,座位\n删除,1,,,\n修改,2,620102001000,2024-05-01,9\n",
        later=2,
        mode="changes",
    )
    assert counted() == (0, 1, 1)
    take(lake, f"{HEAD}\n" + line.format(2, 7) + line.format(9, 7), "more.csv", later=3, mode="append")
    assert counted() == (1, 0, 0)
    # The rows that were cannot be read any more: the new ones come in, and nothing is made up.
    for path in RegisterFolder(lake / "lake", "vans").files():
        Path(path).write_bytes(b"broken")
    take(lake, f"{HEAD}\n{GOOD}\n", later=4)
    assert counted() == (None, None, None)
    assert rows(lake) == [1]


def test_no_more_than_the_last_imports_are_remembered(lake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "REMEMBERED", 2)
    for number in range(3):
        take(lake, f"{HEAD}\n{number + 1},620102001000,,,2024-05-01,7,,,\n", f"{number}.csv", later=number)
    assert [one.past.file for one in history(lake / "lake", "vans")] == ["2.csv", "1.csv"]


def test_a_change_set_puts_and_removes(lake: Path) -> None:
    take(lake, f"{HEAD}\n" + "".join(f"{n},620102001000,,,2024-05-01,7,,,\n" for n in (1, 2, 3)))
    made = take(
        lake,
        "变更,档案号,乡镇,检验到期,座位\n删除,1,,,\n修改,2,620103001000,2025-05-01,8\n新增,5,620103001000,2025-05-01,8\n删除,9,,,\n改,3,,,\n",
        later=1,
        mode="changes",
    )
    assert (made.read, made.accepted, made.rejected, made.removed) == (5, 3, 2, 1)
    assert rows(lake, "van, seats") == [(2, 8), (3, 7), (5, 8)]
    assert [row["#reason"][:12] for row in rejected(made)] == ["“改” is no ki", "There is no "]


def test_a_register_may_point_to_itself(lake: Path) -> None:
    path = lake / "towns2.csv"
    path.write_text(
        "code,name,above\n620102001000,甲镇,\n620102002000,乙镇,620102003000\n620102004000,丙镇,620102002000\n",
        encoding="utf-8",
    )
    made = import_file(lake / "lake", registers(lake), "towns", path, now=NOW + 1)
    assert (made.accepted, made.rejected) == (1, 2)  # the third falls with the second


def test_when_nothing_can_be_taken_the_old_rows_stay(lake: Path) -> None:
    take(lake, f"{HEAD}\n{GOOD}\n")
    made = take(lake, f"{HEAD}\n{GOOD.replace('甘A', '甘I')}\n", later=1)
    assert made.state is None
    assert made.rejected == 1
    assert rows(lake) == [1]


def test_an_import_of_which_nothing_was_taken_is_told_before_there_are_any_rows(lake: Path) -> None:
    wrong = GOOD.replace("甘A", "甘I")
    made = take(lake, f"{HEAD}\n{wrong}\n", "first.csv")
    assert made.state is None
    [told] = history(lake / "lake", "vans")
    assert (told.past.file, told.past.read, told.past.accepted, told.past.rejected) == ("first.csv", 1, 0, 1)
    assert (told.fate, told.rejects) == ("kept", Path(made.rejects).name)
    stands = standing(lake / "lake", registers(lake)["vans"], NOW)
    assert (stands.state, stands.waiting, stands.rejects) == (None, 1, made.rejects)

    take(lake, f"{HEAD}\n{wrong}\n", "second.csv", later=1)
    assert [one.past.file for one in history(lake / "lake", "vans")] == ["second.csv", "first.csv"]
    take(lake, f"{HEAD}\n{GOOD}\n", "third.csv", later=2)
    assert [one.past.file for one in history(lake / "lake", "vans")] == [
        "third.csv",
        "second.csv",
        "first.csv",
    ]
    assert not (lake / "lake" / "vans" / "tried.json").exists()
    assert standing(lake / "lake", registers(lake)["vans"], NOW).waiting == 0


def test_the_same_file_again_changes_nothing(lake: Path) -> None:
    first = take(lake, f"{HEAD}\n{GOOD}\n")
    again = take(lake, f"{HEAD}\n{GOOD}\n", later=1)
    assert again.same
    assert again.state == first.state


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\n", "empty_file"),
        ("档案号,乡镇\n1,2\n".encode(), "missing_columns"),
        ("档案号,van,乡镇,检验到期\n".encode(), "same_heading"),
        ("档案号,档案号,乡镇,检验到期\n".encode(), "same_heading"),
        (b"PK\x03\x04nothing", "damaged_file"),
        (b"PAR1nothing", "damaged_file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old_excel"),
        (f"{HEAD}\n".encode(), "no_rows"),
        (f"{HEAD}\n{GOOD}\n".encode("utf-16-le"), "encoding"),
        (f'{HEAD}\n{GOOD}\n"2,620102001000\n{GOOD}\n'.encode(), "quote_open"),
        (f'{HEAD}\n{GOOD}\n2,620102001000,,,2024-05-01,7,,,"\n{GOOD}\n'.encode(), "quote_open"),
        (f'"{HEAD}\n{GOOD}\n'.encode(), "quote_open"),
        (HEAD.encode() + "\n甲乙丙丁戊己庚辛".encode() + b"\xff\xff", "encoding"),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(lake: Path, content: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as error:
        take(lake, content)
    assert error.value.mistake.code == code
    assert error.value.mistake.remedy.zh


def test_a_quote_that_stays_open_is_told_with_its_line_and_leaves_the_old_rows(lake: Path) -> None:
    take(lake, f"{HEAD}\n{GOOD}\n")
    with pytest.raises(Unreadable) as error:
        take(lake, f'{HEAD}\n{GOOD}\n"two\nlines",,,,,,,,\n"3,x\n' + f"{GOOD}\n" * 20_000, later=1)
    assert (error.value.mistake.code, error.value.mistake.line) == ("quote_open", 5)
    assert rows(lake) == [1]
    inches = take(lake, f'{HEAD}\n{GOOD}\n2,620102001000,5" pipe,,2024-05-01,7,,,\n', later=2)
    assert (inches.accepted, inches.rejected) == (1, 1)  # a quote inside a cell is a sign like others


def test_headings_alone_do_not_empty_a_register(lake: Path) -> None:
    take(lake, f"{HEAD}\n{GOOD}\n")
    with pytest.raises(Unreadable) as error:
        take(lake, f"{HEAD}\n", later=1)
    assert error.value.mistake.code == "no_rows"
    assert rows(lake) == [1]


def test_a_workbook_is_known_by_its_content_and_damage_within_is_told(lake: Path) -> None:
    book = Workbook()
    book.active.append(HEAD.split(","))
    book.active.append(GOOD.split(","))
    book.save(lake / "vans.xlsx")
    data = (lake / "vans.xlsx").read_bytes()
    assert take(lake, data, "vans.csv").accepted == 1
    table = pa.table(
        {"van": list(range(5_000)), "town": ["620102001000"] * 5_000, "due": ["2024-05-01"] * 5_000}
    )
    pyarrow.parquet.write_table(table, lake / "vans.parquet")
    whole = bytearray((lake / "vans.parquet").read_bytes())
    whole[40:400] = bytes(360)
    with pytest.raises(Unreadable) as error:
        take(lake, bytes(whole), "bad.parquet", later=1)
    assert error.value.mistake.code == "damaged_file"
    assert rows(lake) == [1]


def test_what_is_to_be_removed_needs_its_key_only(lake: Path) -> None:
    take(lake, f"{HEAD}\n" + "".join(f"{n},620102001000,,,2024-05-01,7,,,\n" for n in (1, 2)))
    made = take(lake, "变更,档案号\n删除,1\n删除,7\n新增,3\n", later=1, mode="changes")
    assert (made.accepted, made.removed, made.rejected) == (1, 1, 2)
    assert rows(lake) == [2]
    with pytest.raises(Unreadable):
        take(lake, "变更,乡镇\n删除,1\n", later=2, mode="changes")


def test_many_unknown_headings_are_told_in_few_words(lake: Path) -> None:
    with pytest.raises(Unreadable) as error:
        take(lake, ",".join(f"x{n}" for n in range(200)) + "\n")
    assert "x7 等 200 个" in error.value.mistake.remedy.zh
    with pytest.raises(Unreadable) as error:
        take(lake, HEAD.replace(",", "，") + "\n" + GOOD.replace(",", "，") + "\n")
    assert "全角" in error.value.mistake.remedy.zh


def test_a_damaged_utf8_file_is_not_taken_for_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(("中文" * 20 + "\n").encode() + b"\xb5\xb5\n")
    with pytest.raises(Unreadable) as error:
        tell_encoding(path)
    assert error.value.mistake.line == 2


def test_personal_fields_are_masked_and_age_is_told(lake: Path) -> None:
    take(lake, f"{HEAD}\n{GOOD}\n")
    register = registers(lake)["vans"]
    [row] = sample(lake / "lake", register)
    assert row["plate"] == MASK
    assert row["van"] == 1
    assert standing(lake / "lake", register, NOW + 29 * 86_400_000).fresh
    assert not standing(lake / "lake", register, NOW + 32 * 86_400_000).fresh


def test_files_are_parted_by_city(lake: Path) -> None:
    made = take(lake, f"{HEAD}\n{GOOD}\n")
    assert made.state is not None
    folder = lake / "lake" / "vans" / made.state.generation
    assert [path.name for path in folder.iterdir()] == ["_part=6201"]


def test_a_bad_byte_far_down_is_told_with_its_line_and_leaves_the_old_rows(
    lake: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source, "_PEEK", 1 << 20)
    take(lake, f"{HEAD}\n{GOOD}\n")
    long = f"{HEAD}\n".encode("gb18030") + f"{GOOD}\n".encode("gb18030") * 40_000
    assert len(long) > 2 << 20
    with pytest.raises(Unreadable) as error:
        take(lake, long + b"2,\xff\xff,\n", later=1)
    assert (error.value.mistake.code, error.value.mistake.line) == ("encoding", 40_002)
    assert rows(lake) == [1]
