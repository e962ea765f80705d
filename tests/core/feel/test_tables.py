"""Decision tables: how a sheet is read, what is refused, what each hit policy gives."""

import datetime
import time
from decimal import Decimal

import pytest

from zhuoli.core.feel import (
    BOOLEAN,
    DATETIME,
    HIT_POLICIES,
    NUMBER,
    WHOLE,
    FeelErrors,
    ManyRules,
    MissingAnswer,
    NoRule,
    WrongValue,
    choice,
    decode_csv,
    read_table,
)
from zhuoli.core.text import Text

from .conftest import COLUMNS, NAMES

SHEET = """U,when form.channel,当 表单.金额,when form.injured,then liability,则 fee,note reason.zh,note reason.en,note article
1,joint_online,< 50000,false,"\"\"full\"\"",0,线上,online,第十九条
2,"not(""joint_online"")",[0..50000),false,"\"\"shared\"\"",2.5,,,
7,-,>= 50000,-,"\"\"officer\"\"",10,数额大,large amount,第二十条
else,,,,"\"\"officer\"\"",10,其他,other,
"""


def refused(text, **given):
    with pytest.raises(FeelErrors) as caught:
        read_table(text, NAMES, file="t.csv", **given)
    for mistake in caught.value.mistakes:
        assert mistake.file == "t.csv"
        assert mistake.message.zh
        assert mistake.remedy.en
    return caught.value.mistakes


def test_a_table_decides_and_says_why():
    table = read_table(SHEET, NAMES, file="liability.csv")
    assert table.names == {"form.channel", "表单.金额", "form.injured"}
    assert {name: kind.kind for name, kind in table.outputs.items()} == {"liability": "text", "fee": "number"}
    decision = table.decide({"form.channel": "own", "表单.金额": 49999, "form.injured": False})
    assert decision.outputs == {"liability": "shared", "fee": Decimal("2.5")}
    assert decision.rules == (2,)
    assert decision.notes == ({},)
    decision = table.decide({"form.channel": "own", "表单.金额": Decimal("50000.5"), "form.injured": None})
    assert decision.rules == (7,)
    assert decision.notes == (
        {"reason": Text("数额大", "large amount"), "article": Text("第二十条", "第二十条")},
    )
    decision = table.decide({"form.channel": "own", "表单.金额": 5, "form.injured": True})
    assert (decision.outputs["liability"], decision.rules) == ("officer", (0,))
    assert decision.notes[0]["reason"].en == "other"


def test_decisions_are_shared_and_cannot_be_changed():
    table = read_table(SHEET, NAMES)
    decision = table.decide({"form.channel": "own", "表单.金额": 60000, "form.injured": False})
    with pytest.raises(TypeError):
        decision.outputs["fee"] = 0
    with pytest.raises(TypeError):
        decision.notes[0]["reason"] = Text("", "")
    with pytest.raises(AttributeError):
        decision.rules = ()


def test_a_missing_answer_counts_only_where_a_cell_looks_at_it():
    table = read_table(SHEET, NAMES)
    assert table.decide({"form.channel": "own", "表单.金额": 60000}).rules == (7,)
    with pytest.raises(MissingAnswer, match=r"form\.injured"):
        table.decide({"form.channel": "own", "表单.金额": 6})
    with pytest.raises(MissingAnswer, match=r"form\.channel"):
        table.decide({"表单.金额": 60000, "form.injured": False})
    first = read_table(
        'F,when form.injured,when form.note,then x\n1,true,-,1\n2,-,"""a""",2\n3,-,-,3\n', NAMES
    )
    assert first.decide({"form.injured": True}).outputs["x"] == 1
    with pytest.raises(MissingAnswer, match=r"form\.note"):
        first.decide({"form.injured": False})


def test_an_optional_question_is_asked_for_first():
    text = 'F,when answered(form.note),when form.note,then x\n1,false,-,"""none"""\n2,-,"""a""","""a"""\n3,-,-,"""other"""\n'
    table = read_table(text, NAMES)
    assert table.decide({}).outputs["x"] == "none"
    assert table.decide({"form.note": "a"}).outputs["x"] == "a"
    assert table.decide({"form.note": "b"}).outputs["x"] == "other"


@pytest.mark.parametrize(
    "answers",
    [
        {"form.channel": "fax", "表单.金额": 5, "form.injured": False},
        {"form.channel": 5, "表单.金额": 5, "form.injured": False},
        {"form.channel": ["own"], "表单.金额": 5, "form.injured": False},
        {"form.channel": "own", "表单.金额": True, "form.injured": False},
        {"form.channel": "own", "表单.金额": 10**12, "form.injured": False},
        {"form.channel": "own", "表单.金额": -(10**12), "form.injured": False},
        {"form.channel": "own", "表单.金额": "five", "form.injured": False},
        {"form.channel": "own", "表单.金额": 5, "form.injured": 0},
        {"form.channel": "own", "表单.金额": 5, "form.injured": "false"},
    ],
)
def test_a_value_of_the_wrong_type_is_never_a_non_match(answers):
    with pytest.raises(WrongValue):
        read_table(SHEET, NAMES).decide(answers)


def hits(policy, *, values='"高", "中", "低"', otherwise=False):
    sheet = f"{policy},when form.people,then grade\n"
    if values:
        sheet += f'values,,"{values.replace(chr(34), chr(34) * 2)}"\n'
    sheet += '1,> 1,"""低"""\n2,> 3,"""高"""\n3,> 5,"""中"""\n4,> 7,"""高"""\n'
    if otherwise:
        sheet += 'else,-,"""低"""\n'
    return read_table(sheet, NAMES, file="g.csv")


@pytest.mark.parametrize(
    ("policy", "people", "outcome", "rules"),
    [
        ("F", 9, "低", (1,)),
        ("P", 9, "高", (2,)),
        ("P", 2, "低", (1,)),
        ("U", 3, "低", (1,)),
        ("A", 3, "低", (1,)),
        ("R", 9, ("低", "高", "中", "高"), (1, 2, 3, 4)),
        ("C", 6, ("低", "高", "中"), (1, 2, 3)),
        ("O", 9, ("高", "高", "中", "低"), (2, 4, 3, 1)),
        ("R", 0, (), ()),
        ("C", 1, (), ()),
        ("C#", 9, 4, (1, 2, 3, 4)),
        ("C#", 0, 0, ()),
    ],
)
def test_hit_policies(policy, people, outcome, rules):
    decision = hits(policy).decide({"form.people": people})
    assert (decision.outputs["grade"], decision.rules) == (outcome, rules)


@pytest.mark.parametrize(
    ("policy", "people", "outcome"),
    [("C+", 9, 13), ("C+", 2, Decimal("0.5")), ("C<", 9, Decimal("0.5")), ("C>", 9, 10)],
)
def test_sums_and_extremes(policy, people, outcome):
    table = read_table(f"{policy},when form.people,then points\n1,> 1,0.5\n2,> 3,2.5\n3,> 5,10\n", NAMES)
    found = table.decide({"form.people": people}).outputs["points"]
    assert found == outcome
    assert type(found) is type(outcome)
    with pytest.raises(NoRule):
        table.decide({"form.people": 0})


def test_two_hits_and_no_hit_are_said_clearly():
    with pytest.raises(ManyRules) as many:
        hits("U").decide({"form.people": 9})
    assert many.value.rules == (1, 2, 3, 4)
    assert "1、2、3、4" in many.value.text.zh
    assert many.value.remedy.en
    with pytest.raises(ManyRules):
        hits("A").decide({"form.people": 9})
    with pytest.raises(NoRule) as none:
        hits("U").decide({"form.people": 0})
    assert "g.csv" in none.value.text.en
    assert hits("U", otherwise=True).decide({"form.people": 0}).rules == (0,)


def test_any_accepts_agreement():
    table = read_table("A,when form.people,then x\n1,> 1,5\n2,> 3,5\n", NAMES)
    assert table.decide({"form.people": 9}).rules == (1, 2)


def test_every_policy_has_words():
    assert set(HIT_POLICIES) == {"U", "A", "P", "F", "R", "O", "C", "C+", "C<", "C>", "C#"}
    assert all(text.zh and text.en for text in HIT_POLICIES.values())


def test_outputs_can_be_demanded():
    wanted = {"liability": choice(("full", "shared", "officer")), "fee": NUMBER}
    table = read_table(SHEET, NAMES, wanted)
    assert table.outputs == wanted
    bare = read_table("U,when ok,then liability,then fee\n1,true,full,1\n2,false,shared,2\n", NAMES, wanted)
    assert bare.decide({"ok": True}).outputs["liability"] == "full"
    found = refused(SHEET, outputs={"liability": choice(("full", "none")), "cost": NUMBER})
    assert [(each.code, each.line, each.column) for each in found] == [
        ("missing_output", 1, 0), ("unknown_name", 1, 6),
        ("unknown_choice", 3, 5), ("unknown_choice", 4, 5), ("unknown_choice", 5, 5),
    ]  # fmt: skip


def test_output_types_follow_from_the_cells():
    sheet = (
        "U,when ok,then a,then b,then c,then d,then e,then f\n"
        '1,true,1,1.5,"""x""",true,"date(""2026-01-31"")",days(3)\n'
        '2,false,2,2,"""y""",FALSE,"date(""2026-02-01"")",days(5)\n'
    )
    table = read_table(sheet, NAMES)
    assert [kind.kind for kind in table.outputs.values()] == [
        "number",
        "number",
        "text",
        "boolean",
        "date",
        "days",
    ]
    assert table.outputs["a"] == WHOLE
    assert table.outputs["b"] == NUMBER
    decision = table.decide({"ok": True})
    assert decision.outputs["e"] == datetime.date(2026, 1, 31)
    assert decision.outputs["f"] == 3
    moment = read_table('U,when ok,then x\n1,-,"datetime(""1970-01-01T08:00"")"\n', NAMES)
    assert moment.outputs["x"] == DATETIME
    assert moment.decide({"ok": True}).outputs["x"] == 0


HEAD = "U,when form.channel,when 表单.金额,then x\n"


@pytest.mark.parametrize(
    ("sheet", "expected"),
    [
        (HEAD + "1,own,-,1\n2,onw,-,1\n", [("unknown_choice", 3, 2)]),
        (HEAD + '1,"""onw""",-,1\n', [("unknown_choice", 2, 2)]),
        (HEAD + "1,own,,1\n", [("empty_cell", 2, 3)]),
        (HEAD + "1,own,5万,1\n", [("bad_number", 2, 3)]),
        (HEAD + "1,own,＜5,1\n", [("full_width", 2, 3)]),
        (HEAD + "1,own,［1..5],1\n", [("full_width", 2, 3)]),
        (HEAD + "1,“own”,-,1\n", [("full_width", 2, 2)]),
        (HEAD + "1,own,－,1\n", [("full_width", 2, 3)]),
        (HEAD + '1,own,"1,500",1\n', [("thousands", 2, 3)]),
        (HEAD + "1,own,[5..1],1\n", [("empty_range", 2, 3)]),
        (HEAD + "1,own,form.people,1\n", [("name_in_cell", 2, 3)]),
        (HEAD + "1,own,1 + 1,1\n", [("calculation_in_cell", 2, 3)]),
        (HEAD + '1,own,"""5""",1\n', [("type_mismatch", 2, 3)]),
        (HEAD + "1,own,true,1\n", [("type_mismatch", 2, 3)]),
        (HEAD + "1,< 5,-,1\n", [("type_mismatch", 2, 2)]),
        (HEAD + "1,own,= 5,1\n", [("unexpected", 2, 3)]),
        (HEAD + "1,own,not 5,1\n", [("expected", 2, 3)]),
        (HEAD + "1,own,-,\n", [("empty", 2, 4)]),
        (HEAD + '1,own,-,"1, 2"\n', [("bad_outcome", 2, 4)]),
        (HEAD + "1,own,-,-\n", [("bad_outcome", 2, 4)]),
        (HEAD + "1,own,-,full\n", [("name_in_cell", 2, 4)]),
        (HEAD + "1,own,-,> 5\n", [("bad_outcome", 2, 4)]),
        (HEAD + '1,own,-,1\n2,own,-,"""b"""\n', [("mixed_outcomes", 1, 4)]),
        (HEAD + "1,own,-,1\n1,own,-,1\n", [("bad_rule_number", 3, 1)]),
        (HEAD + ",own,-,1\n", [("bad_rule_number", 2, 1)]),
        (HEAD + "a,own,-,1\n", [("bad_rule_number", 2, 1)]),
        (HEAD + "０,own,-,1\n", [("bad_rule_number", 2, 1)]),
        (HEAD + "1,own,-,1\nelse,-,-,1\nelse,-,-,1\n", [("bad_rule_number", 4, 1)]),
        (HEAD + "1,own,-,1\nelse,own,-,1\n", [("else_with_condition", 3, 2)]),
        (HEAD + "1,own,-,1,stray\n", [("bad_heading", 1, 5)]),
        ("U,form.channel,then x\n1,own,1\n", [("bad_heading", 1, 2)]),
        ("U,when　form.channel,then x\n1,own,1\n", [("bad_heading", 1, 2)]),
        ("U,when form.chanel,then x\n1,own,1\n", [("unknown_name", 1, 2)]),
        ("U,when 表单.金额 +,then x\n1,5,1\n", [("unexpected", 1, 2)]),
        ("U,when ok,when ok,then x\n1,-,-,1\n", [("duplicate_column", 1, 3)]),
        ("U,when ok,then x,then x\n1,-,1,1\n", [("duplicate_column", 1, 4)]),
        ("U,when ok,then x y\n1,-,1\n", [("bad_name", 1, 3)]),
        ("U,when ok,then x,note a.zh\n1,-,1,甲\n", [("missing_language", 1, 4)]),
        ("U,when ok,then x,note a.zh,note a.en\n1,-,1,甲,\n", [("missing_language", 2, 0)]),
        ("X,when ok,then x\n1,-,1\n", [("bad_hit_policy", 1, 1)]),
        ("Ｕ,when ok,then x\n1,-,1\n", [("bad_hit_policy", 1, 1)]),
        ("U,then x\n1,1\n", [("no_columns", 1, 1)]),
        ("U,when ok\n1,-\n", [("no_columns", 1, 1)]),
        ("U,when ok,then x\n", [("no_rules", 1, 1)]),
        ("", [("bad_size", 1, 1)]),
        ("P,when ok,then x\n1,-,1\n", [("no_values_row", 2, 1)]),
        ("P,when ok,then x\nvalues,,\n1,-,1\n", [("no_values_row", 2, 3)]),
        ('P,when ok,then x\nvalues,,"1, 2"\n1,-,3\n', [("unknown_choice", 3, 3)]),
        ('P,when ok,then x\nvalues,,"1, 1"\n1,-,1\n', [("bad_values", 2, 3)]),
        ("C+,when ok,then x\n1,-,true\n", [("type_mismatch", 1, 3)]),
        ("C#,when ok,then x\n1,-,1\nelse,-,2\n", [("else_not_needed", 3, 1)]),
        ('U,when ok,then x\n1,-,"1\n', [("bad_csv", 0, 0)]),
        ("U,when ok,then x\n1,是,1\n2,Y,1\n", [("wrong_word", 2, 2), ("wrong_word", 3, 2)]),
    ],
)
def test_bad_sheets_are_refused_with_their_place(sheet, expected):
    assert [(each.code, each.line, each.column) for each in refused(sheet)] == expected


def test_all_mistakes_of_a_sheet_come_in_one_go_with_their_cells():
    sheet = "u,form.channel,when form.amountt,then x\n１,onw,＜ 5,full\n2,,abc,1\n"
    found = refused(sheet)
    assert [(each.code, each.line, each.column) for each in found] == [
        ("bad_hit_policy", 1, 1), ("bad_heading", 1, 2), ("unknown_name", 1, 3), ("bad_rule_number", 2, 1),
        ("unknown_choice", 2, 2), ("full_width", 2, 3), ("name_in_cell", 2, 4), ("empty_cell", 3, 2),
    ]  # fmt: skip
    assert "B2“onw”" in found[4].message.zh
    assert '"own"' in found[4].remedy.en
    assert "< 5" in found[5].remedy.zh


def test_what_excel_leaves_behind_is_no_mistake():
    sheet = "U,when ok,then x,,\r\n1,TRUE,1,,\r\n,,,,\r\n2,FALSE,2,,\r\n,,,,\r\n"
    table = read_table(sheet, NAMES)
    assert table.decide({"ok": False}).rules == (2,)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_bytes_of_excel_are_told_apart(encoding):
    text = 'U,当 表单.金额,则 结论\n1,>= 5,"""轻微"""\n2,< 5,"""㐀𠀀"""\n'
    assert decode_csv(text.encode(encoding)) == text
    assert (
        read_table(decode_csv(text.encode(encoding)), NAMES).decide({"表单.金额": 5}).outputs["结论"]
        == "轻微"
    )


@pytest.mark.parametrize("data", ["甲".encode("utf-16"), b"\xff\xff\xff", b"a\x00b"])
def test_bytes_that_are_no_sheet_are_refused(data):
    with pytest.raises(FeelErrors) as caught:
        decode_csv(data, "t.csv")
    assert [(each.code, each.file) for each in caught.value.mistakes] == [("bad_encoding", "t.csv")]


def test_rules_in_words():
    table = read_table(SHEET, NAMES)
    labels = {
        "form.channel": Text("渠道", "channel"),
        "form.channel=joint_online": Text("联合在线", "joint online"),
        "表单.金额": Text("金额", "amount"),
        "form.injured": Text("有人受伤", "somebody is hurt"),
        "liability": Text("责任", "liability"),
        "liability=full": Text("全部责任", "full liability"),
    }
    assert table.rule_in_words(1, labels) == Text(
        "如果渠道等于“联合在线”并且金额小于 50000 并且有人受伤为“否”，则责任为“全部责任”，fee为0",
        "if channel is joint online and amount is less than 50000 and somebody is hurt is no, "
        "then liability is full liability and fee is 0",
    )
    assert table.rule_in_words(0).zh == "其他情况下，liability为“officer”，fee为10"
    with pytest.raises(KeyError):
        table.rule_in_words(3)
    assert table.rule_in_words(1, labels, only_known=True).zh == (
        "如果渠道等于“联合在线”并且金额小于 50000 并且有人受伤为“否”，则责任为“全部责任”"
    )
    assert table.rule_in_words(0, labels, only_known=True) == Text(
        "没有列出的其他情况", "any case that is not listed"
    )
    bare = {name: said for name, said in labels.items() if not name.startswith("liability")}
    assert table.rule_in_words(1, bare, only_known=True).en == (
        "channel is joint online and amount is less than 50000 and somebody is hurt is no"
    )


@pytest.mark.parametrize("policy", ["C", "R", "O"])
def test_lists_have_no_sql(policy):
    with pytest.raises(FeelErrors) as caught:
        hits(policy).sql(COLUMNS)
    assert [each.code for each in caught.value.mistakes] == ["no_sql_for_lists"]


def test_sql_needs_the_columns_that_rules_look_at():
    table = read_table("U,when ok,when form.people,then x\n1,true,-,1\n2,false,-,2\n", NAMES)
    assert list(table.sql({"ok": "ok"})) == ["x"]
    with pytest.raises(FeelErrors) as caught:
        table.sql({"form.people": "p"})
    assert [each.code for each in caught.value.mistakes] == ["no_column"]


def test_names_are_never_code():
    nasty = {"values": BOOLEAN, "known": NUMBER, "general": BOOLEAN, "v0": NUMBER}
    sheet = 'F,when values,when known,when v0,then general\n1,true,> 5,< 3,"""\'; DROP"""\n2,-,-,-,"""x"""\n'
    table = read_table(sheet, nasty)
    assert table.decide({"values": True, "known": 6, "v0": 1}).outputs == {"general": "'; DROP"}
    assert "'''; DROP'" in table.sql({"values": "a", "known": "b", "v0": "c"})["general"]


def test_a_large_table_is_read_and_decided_quickly():
    rows = [f'{n},[{n}..{n + 1}),"not(own)",{n}' for n in range(1, 2001)]
    sheet = "U,when 表单.金额,when form.channel,then x\n" + "\n".join(rows) + "\n"
    start = time.perf_counter()
    table = read_table(sheet, NAMES)
    answers = {"表单.金额": 1500, "form.channel": "电话"}
    for _ in range(1000):
        assert table.decide(answers).rules == (1500,)
    assert time.perf_counter() - start < 20
    too_many = "U,when ok,then x\n" + "".join(f"{n},-,1\n" for n in range(1, 2100))
    assert [each.code for each in refused(too_many)] == ["bad_size"]
