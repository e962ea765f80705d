"""Every address × every role × own and foreign territory against a table that people have reviewed.

``expected_access.csv`` says what each address answers to whom. It was not made from ``office/access.py``, and must not
be: it is the second opinion. **To add an address**, add two rows, one for GET and one for POST, and think about each
cell; the names of the columns and the way to write a cell are explained at the head of the table. An address with a
parameter that no other address has needs a value for it in ``_values`` below. Run this file alone (it takes some
seconds): a wrong cell is told as ``address method who: expected … got …``.

The case is real: a noise at night, led by the police station of a street, with a bar association asked to join, a task
given to the station's auxiliary, and raised by a resident who holds the receipt. POSTs are sent without the fields of
their form, so that whoever is let in is told what is missing (400 or 422) and nothing changes; whoever is not is turned
away before (403). That nothing has changed is looked at after each walk.
"""

from __future__ import annotations

import csv
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from tests.web.site import WEDNESDAY, fresh_site, picture

from zhuoli.core.case.commands import (
    Accept,
    AnyCommand,
    Assign,
    Attach,
    Complete,
    Join,
    Open,
    Share,
    TakeShare,
)
from zhuoli.core.case.facts import Actor
from zhuoli.core.scenario.directory_words import OTHER_ROLES, ROLES
from zhuoli.demo.signing import GeneratedCodes
from zhuoli.store.models import EntryRecord, Post, ReceiptRecord, ServingRecord
from zhuoli.web import door, viewers

TABLE = Path(__file__).with_name("expected_access.csv")
STATION = "station-620102001"
FAR = "620103"
"""The district next door."""

OWN = {
    "clerk": f"{STATION}/clerk",
    "phone_desk": "dispatch-6201/phone_desk",
    "officer": f"{STATION}/officer",
    "auxiliary": f"{STATION}/auxiliary",
    "dispatcher": "dispatch-6201/dispatcher",
    "supervisor": "psb-620102/supervisor",
    "partner": "lawyers-6201/partner",
    "insurer": "insurer1-62/insurer",
    "author": "psb-620102/author",
    "administrator": "psb-620102/administrator",
}
"""The post of each role that has to do with the case, or sits in the unit above it."""
OTHER = {
    "clerk": "station-620103001/clerk",
    "phone_desk": "dispatch-62/phone_desk",
    "officer": "station-620103001/officer",
    "auxiliary": "station-620103001/auxiliary",
    "dispatcher": "dispatch-62/dispatcher",
    "supervisor": f"psb-{FAR}/supervisor",
    "partner": "court-620103/partner",
    "insurer": "insurer2-62/insurer",
    "author": f"psb-{FAR}/author",
    "administrator": f"psb-{FAR}/administrator",
}
"""The same roles in units that the case does not concern."""
RESIDENTS = ("nobody", "resident", "guardian", "enterprise")
COLUMNS = (*RESIDENTS, *OWN)


class Held(NamedTuple):
    """A case as somebody holds its receipt, with a file of theirs in it."""

    case: int
    receipt: str
    file: str


class World(NamedTuple):
    """The site of the walk: the case that the desk handles is the resident's."""

    held: dict[str, Held]
    other: Held
    accident: int


class Address(NamedTuple):
    """One address: its name (its pattern when it has none) and the names of its parameters."""

    name: str
    route: str
    parameters: tuple[str, ...]


def addresses(patterns: Any = None, before: str = "") -> Iterator[Address]:
    """Walk Django's resolver."""
    for each in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from addresses(each.url_patterns, route)
        elif isinstance(each, URLPattern):
            parameters = tuple(part.split(">")[0].split(":")[-1] for part in route.split("<")[1:])
            yield Address(each.name or f"/{route}", route, parameters)


def table() -> dict[tuple[str, str], dict[str, str]]:
    """Read the table: (address, method) → column → cell."""
    head, *lines = csv.reader(
        line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")
    )
    rows = [dict(zip(head, line + [line[-1]] * (len(head) - len(line)), strict=True)) for line in lines]
    found = {(row["address"], row["method"]): row for row in rows}
    assert len(found) == len(rows), "an address has two rows for one method"
    return found


EXPECTED = table()


def _values(world: World, who: str) -> dict[str, Any]:
    """Return what stands for each parameter of an address."""
    case = world.held.get(who, world.held["resident"])
    return {
        "act": 999_999,
        "account": OWN["officer"].replace("/", "."),
        "what": "give",
        "unit": STATION,
        "lang": "en",
        "case": case.case,
        "receipt": case.receipt,
        "file": case.file,
        "onward_to": "ZL-0000-0000-0000",
        "scenario": "public_need",
        "indicator": "on_time",
        "service": "lost_card",
        "provider": "nobody",
        "code": "620102010201",
        "register": "vans",
        "model": "fire_equipment_due",
        "command": "note",
        "draft": "0" * 32,
        "size": "small",
        "view": 1,
        "number": "P-0000-0000-0000",
        "upload": "0" * 40,
        "part": "playback",
        "token": "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA==",
        "message": "999999",
        "field": "form.story",
        "status": "404",
        "theme": "dark",
        "system": "hotline",
        "example": "street_light_settled",
        "chapter": "street_light",
        "step": "1",
        "handed": 1,
        "call": "none",
        "village": "620102001001",
        "month": "2026-03",
        "kind": "insurer",
        "role": "requester",
    }


@pytest.fixture(scope="module")
def world(site_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Make the cases and the accounts once; the walks change nothing."""
    with fresh_site(site_template, tmp_path_factory.mktemp("walk") / "site.sqlite3"):
        found = _opened("public_need", "web", {"requester": "r1"}, NEED)
        lead = Actor(kind="post", unit=STATION, post=OWN["officer"], roles=("officer",))
        commands = (
            Accept(),
            Join(unit="lawyers-6201", duty="Explain the law to both neighbours."),
            Assign(task="look", post=OWN["auxiliary"]),
        )
        for number, command in enumerate(commands):
            key = f"walk-{number:08}"
            door.perform(key=key, case=found.case, actor=lead, command=command, expected_seq=None)
        assert door.load(found.case).unit == STATION
        password = make_password("a quiet long sentence")
        for posts in (OWN, OTHER):
            for post in posts.values():
                user = User.objects.create(username=post.replace("/", "."), password=password)
                assert Post.objects.filter(id=post).update(user=user) == 1, f"there is no post {post}"
        yield World(
            held={
                "resident": found,
                "guardian": _opened(
                    "exam_id_green_channel", "guardian", {"requester": "c1", "guardian": "g1"}, CARD
                ),
                "enterprise": _opened(
                    "enterprise_problem_list", "web", {"requester": "e1", "contact": "k1"}, PROBLEM
                ),
            },
            other=_opened("public_need", "web", {"requester": "r2"}, {**NEED, "place": "620103001000"}),
            accident=_passed_on(),
        )


NEED = {
    "danger": "none",
    "story": "Every night somebody shouts under the window.",
    "category": "public_order",
    "hurt": False,
    "place": "620102001000",
    "contact": "receipt",
}
CARD = {
    "exam": "gaokao",
    "exam_date": "2026-06-07",
    "card": "never",
    "registered": "here",
    "place": "620102001000",
    "name": "李小满",
    "birth_date": "2011-05-04",
    "id_number": "620102201105040012",
    "phone": "13900000011",
    "guardian_name": "李大满",
    "guardian_relation": "parent",
    "guardian_phone": "13900000012",
    "delivery": "pick_up",
}
PROBLEM = {
    "enterprise": "Example Gears Ltd",
    "credit_code": "91620100MA0000000C",
    "topic": "roads",
    "problem": "Lorries cannot turn in at the gate.",
    "impact": "slowed",
    "others": False,
    "place": "620102001000",
    "contact_name": "赵工",
    "contact_phone": "13900000013",
}


ACCIDENT = {
    "hurt": "none",
    "safe": True,
    "risky": ["none_of_these"],
    "place": "620102001000",
    "spot": "the crossing",
    "at": "2026-03-04T10:50",
    "weather": "clear",
    "kind": "motor_motor",
    "wish": "own",
    "name": "甲",
    "phone": "13900000021",
    "other_phone": "13900000022",
}


def _opened(scenario: str, channel: str, parties: dict[str, str], answers: dict[str, Any]) -> Held:
    actor = Actor(kind="party", party=parties.get(channel, parties["requester"]))
    key = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{scenario} {answers['place']}"))
    photo = picture().read()
    paper = door.office().files.put(photo, name="paper.png", media_type="image/png", now=WEDNESDAY)
    command = Open(receipt="", channel=channel, parties=parties, answers=answers, files=())
    opened = door.open_case(key=key, scenario=scenario, actor=actor, command=command)
    attach = Attach(files=(paper,))
    door.perform(key=f"{key}-file", case=opened.case, actor=actor, command=attach, expected_seq=None)
    (file,) = door.load(opened.case).files
    return Held(opened.case, opened.receipt, file)


def _passed_on() -> int:
    """Two sides agree; the first passes that on to its insurer, which takes it up."""
    found = _opened("minor_accident", "web", {"requester": "d1", "other": "d2"}, ACCIDENT)
    one, two = Actor(kind="party", party="d1"), Actor(kind="party", party="d2")
    insurer = Actor(kind="post", unit="insurer1-62", post=OWN["insurer"], roles=("insurer",))
    told = {"mine": "car", "situation": "rear_end", "hit": "back", "story": "So it was.", "joins": True}
    told |= {"plate": "甘A12345", "licence": "演示证号", "insurer": "演示财险", "policy": "演示保单"}
    agreed = {"situation": "rear_end", "first": "none", "second": "full", "pay": "insurers", "sign": "甲"}
    steps: tuple[tuple[Actor, AnyCommand], ...] = (
        (one, Complete(task="first_says", answers={**told, "acting": "b"})),
        (two, Complete(task="second_says", answers={**told, "acting": "a"})),
        (one, Complete(task="agree", answers=agreed)),
        (two, Complete(task="second_signs", outcome="signs", answers={"sign": "乙"})),
        (one, Share(kind="insurer", unit="insurer1-62", consent=True)),
        (insurer, TakeShare(share="insurer:d1")),
    )
    signing, door.office().signing = door.office().signing, GeneratedCodes()
    for number, (actor, command) in enumerate(steps):
        key = f"accident-{number:08}"
        door.perform(key=key, case=found.case, actor=actor, command=command, expected_seq=None)
    door.office().signing = signing
    return found.case


def client_of(world: World, who: str, own: bool) -> Client:
    """Return the browser of somebody; nobody is signed in to nothing."""
    client = Client()
    if who in OWN:
        client.force_login(User.objects.get(username=(OWN if own else OTHER)[who].replace("/", ".")))
    elif who != "nobody":
        session = client.session
        held = world.held[who] if own else world.other
        session[viewers.RECEIPTS] = {held.receipt: held.case}
        session.save()
        client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def path_of(address: Address, values: dict[str, Any]) -> str:
    """Return an address with its parameters filled in."""
    path = "/" + address.route
    for parameter in address.parameters:
        assert parameter in values, (
            f"{address.name} has the parameter {parameter!r}, for which _values in {Path(__file__).name} has no value"
        )
        start, end = path.index("<"), path.index(">")
        path = path[:start] + str(values[parameter]) + path[end + 1 :]
    return path


def test_every_address_has_its_rows() -> None:
    known = {name for name, _ in EXPECTED if " " not in name}
    real = {each.name for each in addresses()}
    lacking = sorted(real - known)
    assert not lacking, (
        f"expected_access.csv has no rows for {lacking}. Add one for GET and one for POST, and think about every cell; "
        f"the head of {TABLE.name} says how."
    )
    assert not sorted(known - real), (
        f"expected_access.csv has rows for addresses that are gone: {known - real}"
    )
    one = [
        f"{name} {method}" for name in known for method in ("GET", "POST") if (name, method) not in EXPECTED
    ]
    assert not one, f"rows are missing: {one}"


def test_the_table_knows_every_role() -> None:
    assert set(OWN) == set(OTHER) == {*ROLES, *OTHER_ROLES}
    for row in EXPECTED.values():
        assert set(row) == {"address", "method", *COLUMNS}
        for column in COLUMNS:
            cells = row[column].split("|")
            assert 1 <= len(cells) <= 2, row
            assert all(cell.isdigit() and len(cell) == 3 for cell in cells), row


@pytest.mark.parametrize("own", [True, False], ids=["own", "other"])
@pytest.mark.parametrize("who", COLUMNS)
def test_walk(world: World, who: str, own: bool) -> None:
    if who == "nobody" and not own:
        return
    wrong: list[str] = []
    before = _counted()
    by_name = {each.name: each for each in addresses()}
    client: Client | None = None
    for (row, method), cells in EXPECTED.items():
        name, *changes = row.split(" ")
        values = _values(world, who)
        if name.startswith("shared."):
            values["case"] = world.accident
        values |= dict(change.split("=") for change in changes)
        cell = cells[who].split("|")
        expected = int(cell[0] if own else cell[-1])
        client = client or client_of(world, who, own)
        send = client.get if method == "GET" else client.post
        got = send(path_of(by_name[name], values))
        got.close()
        if got.status_code in (200, 302) and method == "POST":
            client = None  # it may have been signed out, or have become somebody else
        if got.status_code != expected:
            told = "own" if own else "other"
            wrong.append(f"{row} {method} {who} ({told}): expected {expected}, got {got.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)
    assert _counted() == before, "a request without its form has changed something"


def _counted() -> dict[str, Any]:
    return {
        "entries": EntryRecord.objects.count(),
        "secrets": list(ReceiptRecord.objects.order_by("receipt").values_list("hash", flat=True)),
        "posts": list(Post.objects.exclude(user=None).order_by("id").values_list("id", "user_id")),
        "servings": ServingRecord.objects.count(),
        "accounts": list(User.objects.order_by("id").values_list("id", "password", "is_active")),
    }
