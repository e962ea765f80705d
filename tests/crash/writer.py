"""A writer that is meant to be killed: takes orders from a pipe, answers each once it is durable.

Each message is a list of orders; a list of several is handled as one batch. The answer is sent after ``handle`` has returned,
as the HTTP server would, and never before.
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.store.databases import REQUESTER, connect, make_office

from zhuoli.core.case import commands as c
from zhuoli.core.case.facts import Actor
from zhuoli.office.handle import Office, Request, wall_clock

LEAD = Actor(kind="post", unit="lamps@620102", post="post-1", roles=("officer", "electrician"))
OPENING = {"kind": "street", "place": "620102001000", "pole": 7, "phone": "13909310000"}


def request(office: Office, order: dict[str, Any]) -> Request:
    """Return what an order asks for."""
    key, case = order["key"], order.get("case")
    if order["do"] == "open":
        command = c.Open(
            receipt="",
            channel="web",
            parties={"requester": "p-requester"},
            answers=OPENING,
            files=photo(office, order),
        )
        return Request(key=key, command=command, actor=REQUESTER, scenario="lamp")
    if order["do"] == "attach":
        attach = c.Attach(files=photo(office, order))
        return Request(key=key, command=attach, actor=REQUESTER, case=case)
    if order["do"] == "accept":
        return Request(key=key, command=c.Accept(), actor=LEAD, case=case)
    return Request(key=key, command=c.Note(text=f"note {key}"), actor=LEAD, case=case)


def photo(office: Office, order: dict[str, Any]) -> tuple[c.File, ...]:
    """Seal a file whose content is the order's key."""
    if not order.get("file"):
        return ()
    return (
        office.files.put(
            order["key"].encode() * 50,
            name="a.jpg",
            media_type="image/jpeg",
            now=office.clock(),
            question=order.get("question", ""),
        ),
    )


def write(orders: Connection, answers: Connection, settings: dict[str, Any], folder: Path) -> None:
    """Handle orders until the end of the pipe, or of this process."""
    connect("crash", **settings)
    office = make_office("crash", folder)
    office.clock = wall_clock
    answers.send("ready")
    while True:
        wanted = orders.recv()
        requests = [request(office, order) for order in wanted]
        handled = office.handle_many(requests) if len(requests) > 1 else [office.handle(requests[0])]
        answers.send(
            [
                {"key": order["key"], "case": done.case, "seq": done.seq, "repeated": done.repeated}
                for order, done in zip(wanted, handled, strict=True)
            ]
        )
