"""Decision tables of the DMN conformance kit: rules and expected results as its cases of level 2 give them.

Retold here as sheets of ours from the cases 0004–0007, 0108, 0109 and 0112–0119 of the DMN Technology Compatibility Kit
(github.com/dmn-tck/tck, open to everybody under a Creative Commons licence with attribution, share alike). Ours keeps one list for each output where the kit keeps
a list of records.
"""

from decimal import Decimal

import pytest

from zhuoli.core.feel import BOOLEAN, NUMBER, choice, read_table

NAMES = {
    "age": NUMBER,
    "risk": choice(("High", "Low", "Medium")),
    "affordable": BOOLEAN,
    "years": NUMBER,
}
LOAN = "when age,when risk,when affordable"
RATED = f"{LOAN},then status,then rate"
ADULT, MINOR, RISKY = (18, "Medium", True), (17, "Medium", True), (18, "High", True)
LISTS = ("R", "C", "O")
TYPES = {"number": "DECIMAL(18,6)", "choice": "VARCHAR", "boolean": "BOOLEAN"}


def sheet(policy, heads, *rules, values=()):
    """A sheet with its rules numbered from above; texts that are results stand in quotes."""
    lines = [f"{policy},{heads}"]
    if values:
        blank = [""] * heads.count("when")
        lines.append(",".join(["values", *blank, *map(quoted, values)]))
    lines += [f"{number},{rule}" for number, rule in enumerate(rules, 1)]
    return "\n".join(lines) + "\n"


def quoted(text):
    return '"' + text.replace('"', '""') + '"'


def text(*words):
    return ",".join(quoted(f'"{word}"') for word in words)


LOW = quoted("Medium, Low")
APPROVED, DECLINED = text("Approved"), text("Declined")
BEST, STANDARD = text("Approved", "Best"), text("Approved", "Standard")
NO = text("Declined", "Standard")
ORDER = ('"Approved", "Declined"',)
BASIC = (
    f">=18,{LOW},true,{text('Approved', 'Basic')}",
    f"<18,-,-,{NO}",
    f"-,High,-,{STANDARD}",
)
BY_AGE = (f">=18,Medium,true,{BEST}", f">=12,Medium,true,{STANDARD}", f"<12,Low,true,{NO}")
PAY = (">1,100", ">2,200", ">3,300", ">5,500")

CASES = {
    "0004 U": (
        sheet(
            "U",
            f"{LOAN},then status",
            f">=18,{LOW},true,{APPROVED}",
            f"<18,{LOW},true,{DECLINED}",
            f"-,High,true,{DECLINED}",
            f"-,-,false,{DECLINED}",
        ),
        {ADULT: "Approved", MINOR: "Declined", RISKY: "Declined"},
    ),
    "0005 A": (
        sheet(
            "A",
            f"{LOAN},then status",
            f">=18,{LOW},true,{APPROVED}",
            f"<18,-,-,{DECLINED}",
            f"-,High,-,{DECLINED}",
            f"-,-,false,{DECLINED}",
        ),
        {ADULT: "Approved", MINOR: "Declined", RISKY: "Declined"},
    ),
    "0006 P": (
        sheet(
            "P",
            f"{LOAN},then status",
            f">=18,{LOW},true,{APPROVED}",
            f"<18,-,-,{DECLINED}",
            f"-,High,-,{DECLINED}",
            f"-,-,false,{DECLINED}",
            values=ORDER,
        ),
        {ADULT: "Approved", MINOR: "Declined", RISKY: "Declined"},
    ),
    "0007 P": (
        sheet("P", f"{LOAN},then status", f">=18,{LOW},true,{APPROVED}", f"-,-,-,{DECLINED}", values=ORDER),
        {ADULT: "Approved", MINOR: "Declined", RISKY: "Declined"},
    ),
    "0108 F": (
        sheet("F", RATED, *BY_AGE),
        {
            (19, "Medium", True): ("Approved", "Best"),
            (13, "Medium", True): ("Approved", "Standard"),
            (10, "Low", True): ("Declined", "Standard"),
        },
    ),
    "0109 R": (
        sheet("R", RATED, *BY_AGE),
        {
            (19, "Medium", True): [("Approved", "Best"), ("Approved", "Standard")],
            (13, "Medium", True): [("Approved", "Standard")],
            (10, "Low", True): [("Declined", "Standard")],
        },
    ),
    "0112 R": (
        sheet(
            "R",
            "when age,then rate",
            f">=18,{text('Best')}",
            f">=12,{text('Standard')}",
            f"<12,{text('Standard')}",
        ),
        {(19,): ["Best", "Standard"], (13,): ["Standard"], (10,): ["Standard"]},
    ),
    "0113 O": (
        sheet(
            "O",
            "when age,then status",
            f">=18,{APPROVED}",
            f"<18,{DECLINED}",
            f">=0,{APPROVED}",
            values=ORDER,
        ),
        {(17,): ["Approved", "Declined"], (19,): ["Approved", "Approved"], (10,): ["Approved", "Declined"]},
    ),
    "0114 C<": (
        sheet("C<", "when years,then fee", ">1,98.83", ">2,150.21", ">3,205.43", ">4,64.32"),
        {(5,): Decimal("64.32"), (3,): Decimal("98.83"), (4,): Decimal("98.83")},
    ),
    "0115 C+": (sheet("C+", "when years,then pay", *PAY), {(6,): 1100, (3,): 300, (2,): 100}),
    "0116 C#": (sheet("C#", "when years,then pay", *PAY), {(6,): 4, (2,): 1, (3,): 2}),
    "0117 A": (
        sheet(
            "A",
            RATED,
            f">=18,Low,true,{BEST}",
            f">=18,Medium,true,{STANDARD}",
            f"<18,{LOW},true,{NO}",
            f"-,High,true,{NO}",
            f"-,-,false,{NO}",
            f">=19,Low,true,{BEST}",
        ),
        {
            (19, "Low", True): ("Approved", "Best"),
            (17, "High", True): ("Declined", "Standard"),
            (19, "Medium", True): ("Approved", "Standard"),
        },
    ),
    "0118 P": (
        sheet("P", RATED, *BASIC, values=(*ORDER, '"Basic", "Standard"')),
        {
            (17, "High", True): ("Approved", "Standard"),
            (19, "Low", True): ("Approved", "Basic"),
            (10, "Low", True): ("Declined", "Standard"),
        },
    ),
    "0119 C": (
        sheet("C", RATED, *BASIC),
        {
            (17, "High", True): [("Declined", "Standard"), ("Approved", "Standard")],
            (19, "Low", True): [("Approved", "Basic")],
            (10, "Low", True): [("Declined", "Standard")],
        },
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_table_of_the_kit_gives_what_the_kit_expects(duck, case):
    text, expected = CASES[case]
    table = read_table(text, NAMES)
    names = [name for name in NAMES if name in table.names]
    for values, result in expected.items():
        outputs = table.decide(dict(zip(names, values, strict=True))).outputs
        found = tuple(outputs.values())
        if table.policy in LISTS:
            found = list(zip(*found, strict=True))
            found = [one for (one,) in found] if len(outputs) == 1 else found
            assert found == result, values
            continue
        assert found == (result if isinstance(result, tuple) else (result,)), values
        asked = ", ".join(table.sql({name: f"c.{name}" for name in names}).values())
        kinds = ", ".join(f"CAST(? AS {TYPES[NAMES[name].kind]}) AS {name}" for name in names)
        assert duck.execute(f"SELECT {asked} FROM (SELECT {kinds}) c", values).fetchone() == found, values
