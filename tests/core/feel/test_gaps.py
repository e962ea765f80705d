"""Gaps, overlaps and idle rules are found exactly: compared with trying every value there is."""

import itertools
from decimal import Decimal

from hypothesis import given, note, settings
from hypothesis import strategies as st

from zhuoli.core.feel import BOOLEAN, DATE, NUMBER, TEXT, WHOLE, choice, many, number, read_table
from zhuoli.core.text import Text

from .conftest import RELAXED
from .test_sql_equality import to_csv

NAMES = {
    "c": choice(("a", "b", "d")),
    "b": BOOLEAN,
    "n": NUMBER,
    "w": number(low=0, high=6, whole=True),
    "t": TEXT,
    "m": many(("x", "y", "z")),
}
SAMPLES = {
    "c": ["a", "b", "d"],
    "b": [True, False],
    "n": [-1, 0, Decimal("0.5"), 1, Decimal("2.5"), 4, 5],
    "w": list(range(7)),
    "t": ["x", "y", "?"],
    "m": [found for size in range(4) for found in itertools.combinations(("x", "y", "z"), size)],
}
CELLS = {
    "c": ["-", "a", '"a", "b"', "not(a)", "d"],
    "b": ["-", "true", "false"],
    "n": ["-", "< 0", "[0..1)", "(0..1]", "> 1", "0, 1", "not(1)", ">= 4", "<= 4"],
    "w": ["-", "< 3", "[3..5]", "(2..3)", "> 6", ">= 5", "0", "not(0)", "]1..3["],
    "t": ["-", '"x"', 'not("x")', '"x", "y"'],
    "m": ["-", "x", "not(x)", "x, y", "not(y, z)"],
}


@st.composite
def tables(draw):
    policy = draw(st.sampled_from(["U", "A", "F", "P"]))
    names = draw(st.lists(st.sampled_from(list(CELLS)), min_size=1, max_size=3, unique=True))
    sheet = [[policy, *(f"when {name}" for name in names), "then x"]]
    if policy == "P":
        sheet.append(["values", *[""] * len(names), "2, 1, 3"])
    for rule in range(1, draw(st.integers(1, 5)) + 1):
        cells = [draw(st.sampled_from(CELLS[name])) for name in names]
        sheet.append([str(rule), *cells, str(draw(st.integers(1, 3)))])
    return names, sheet


@settings(RELAXED, max_examples=200)
@given(tables())
def test_the_analysis_agrees_with_trying_everything(made):
    names, sheet = made
    note(to_csv(sheet))
    table = read_table(to_csv(sheet), NAMES, file="g.csv")
    everything = read_table(to_csv([["C", *sheet[0][1:]], *sheet[1:]]), NAMES)
    gap, pairs, winners, possible = False, set(), set(), set()
    for values in itertools.product(*(SAMPLES[name] for name in names)):
        answers = dict(zip(names, values, strict=True))
        fits = everything.decide(answers)
        gap = gap or not fits.rules
        possible.update(fits.rules)
        outcomes = dict(zip(fits.rules, fits.outputs["x"], strict=True))
        for pair in itertools.combinations(fits.rules, 2):
            if table.policy == "U" or (table.policy == "A" and outcomes[pair[0]] != outcomes[pair[1]]):
                pairs.add(pair)
        if fits.rules and table.policy in ("F", "P"):
            winners.update(table.decide(answers).rules)
    found = table.gaps_and_overlaps()
    assert any(each.code == "gap" for each in found) == gap
    assert {each.line for each in found if each.code == "gap"} <= {1}
    said = {each.message.en.split(" both fit ")[0] for each in found if each.code == "overlap"}
    assert said == {f"rules {one} and {two}" for one, two in pairs}
    first = 2 if table.policy == "P" else 1
    idle = {each.line - first for each in found if each.code == "never_fires"}
    numbers = {int(row[0]) for row in sheet[first:]}
    expected = numbers - possible
    if table.policy in ("F", "P"):
        expected |= numbers - winners
    assert idle == expected
    assert all(each.severity == ("warning" if each.code == "never_fires" else "error") for each in found)


def read(text, names=NAMES, **given):
    return read_table(text, names, file="g.csv", **given)


def test_a_gap_is_shown_by_an_example_in_words():
    labels = {"c": Text("渠道", "channel"), "c=a": Text("电话", "phone"), "n": Text("金额", "amount")}
    table = read('U,when c,when n,then x\n1,a,< 5,1\n2,"b, d",-,2\n3,a,> 5,1\n')
    found = table.gaps_and_overlaps(labels)
    assert [(each.code, each.severity, each.file, each.line) for each in found] == [
        ("gap", "error", "g.csv", 1)
    ]
    assert found[0].message == Text(
        "没有规则适用于：渠道 = “电话”，金额 = 5", "no rule fits channel = phone, amount = 5"
    )
    assert "else" in found[0].remedy.zh


def test_an_else_row_closes_gaps():
    assert read("U,when c,then x\n1,a,1\nelse,,2\n").gaps_and_overlaps() == []
    assert read("R,when c,then x\n1,a,1\n").gaps_and_overlaps() == []
    assert len(read("C+,when c,then x\n1,a,1\n").gaps_and_overlaps()) == 1


def test_an_overlap_names_both_rules_and_an_example():
    found = read("U,when c,when b,then x\n1,-,true,1\n4,a,-,1\n7,-,false,1\n").gaps_and_overlaps()
    assert [(each.code, each.line) for each in found] == [("overlap", 3), ("overlap", 4)]
    assert found[0].message == Text(
        "规则 1 和规则 4 同时适用于：c = “a”，b = “是”", 'rules 1 and 4 both fit c = "a", b = yes'
    )


def test_any_may_overlap_if_the_outcomes_agree():
    assert read("A,when c,then x\n1,-,1\n2,a,1\n").gaps_and_overlaps() == []
    found = read("A,when c,then x\n1,-,1\n2,a,2\n").gaps_and_overlaps()
    assert [each.code for each in found] == ["overlap"]


def test_a_hidden_rule_names_what_covers_it():
    found = read('F,when c,then x\n1,a,1\n2,"b, d",2\n3,"a, b",3\n').gaps_and_overlaps()
    assert [(each.code, each.severity, each.line) for each in found] == [("never_fires", "warning", 4)]
    assert found[0].message.en == "rule 3 can never fire: rules 1, 2 cover it"
    assert "规则 1、2" in found[0].message.zh


def test_dates_and_whole_numbers_have_neighbours():
    names = {"d": DATE, "w": WHOLE, "n": NUMBER}
    sheet = 'U,when d,then x\n1,"<= date(""2026-01-31"")",1\n2,">= date(""2026-02-{}"")",1\n'
    assert read(sheet.format("01"), names).gaps_and_overlaps() == []
    found = read(sheet.format("02"), names).gaps_and_overlaps()
    assert [each.message.zh for each in found] == ["没有规则适用于：d = 2026年2月1日"]
    sheet = "U,when {},then x\n1,<= 5,1\n2,>= 6,1\n"
    assert read(sheet.format("w"), names).gaps_and_overlaps() == []
    assert [each.message.en for each in read(sheet.format("n"), names).gaps_and_overlaps()] == [
        "no rule fits n = 5.5"
    ]


def test_an_age_is_never_negative():
    names = {"birth": DATE, "on": DATE}
    table = read('U,"when age(birth, on)",then x\n1,[0..17],1\n2,>= 18,2\n', names)
    assert table.gaps_and_overlaps() == []


def test_headings_that_share_an_answer_give_warnings_only():
    table = read("U,when n,when n * 2,then x\n1,< 5,< 10,1\n2,>= 5,>= 10,1\n")
    assert {each.severity for each in table.gaps_and_overlaps()} == {"warning"}


def test_large_tables_are_checked_or_refused_quickly():
    names = {f"n{index}": NUMBER for index in range(12)}
    rows = []
    for rule in range(1, 41):
        cells = [f"[{(rule * 7 + index * 3) % 20}..{(rule * 7 + index * 3) % 20 + 5})" for index in range(12)]
        rows.append(f"{rule},{','.join(cells)},1")
    text = f"U,{','.join(f'when {name}' for name in names)},then x\n" + "\n".join(rows) + "\n"
    found = read(text, names).gaps_and_overlaps()
    assert found
    wide = {f"m{index}": many([f"v{value}" for value in range(30)]) for index in range(3)}
    rows = [f"{rule},v{rule},v{rule + 1},v{rule + 2},1" for rule in range(1, 28)]
    text = f"U,{','.join(f'when {name}' for name in wide)},then x\n" + "\n".join(rows) + "\n"
    found = read(text, wide).gaps_and_overlaps()
    assert [(each.code, each.severity) for each in found] == [("too_large_to_check", "warning")]
