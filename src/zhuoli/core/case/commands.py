"""What can be asked of a case. A command is a wish; ``decide`` grants it as events or refuses it.

Answers are keyed by the question's own name (``place``), not by its full name (``form.place``); the command
says to which form they belong. Values are plain: text, int, Decimal, bool, ISO date text, division code, list
of choices. Instants are ms UTC.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec


class File(msgspec.Struct, frozen=True, kw_only=True):
    """A stored attachment: its id in the file store, what it is, and the question that it answers.

    ``by`` is the party that brought it, where the software hands it on; else whoever acts has brought it.
    """

    file: str
    name: str
    sha256: str
    size: int
    media_type: str
    question: str = ""
    by: str = ""


class Command(msgspec.Struct, frozen=True, kw_only=True, tag_field="do", tag=str.lower):
    """What all commands have in common (nothing but their kind)."""


class OtherMatter(msgspec.Struct, frozen=True, kw_only=True):
    """Another case of the office, as a case remembers it: id, scenario and what that is called (zh, en), receipt.

    ``how`` it came about: this case went on in it, or raised something else there, or joined what was in hand.
    """

    case: int
    scenario: str
    receipt: str
    title: tuple[str, ...] = ()
    how: Literal["handed_on", "raised", "joined"] = "handed_on"


class Open(Command, frozen=True, kw_only=True, tag="open"):
    """Raise a matter. ``parties`` maps role to party id; ``occurred`` is when it happened, if known.

    ``territory`` is needed only where the intake form asks for no place. ``origin`` is the case that hands it on.
    """

    receipt: str
    channel: str
    parties: dict[str, str] = {}
    answers: dict[str, Any] = {}
    files: tuple[File, ...] = ()
    occurred: int | None = None
    territory: str = ""
    origin: OtherMatter | None = None


class Triage(Command, frozen=True, kw_only=True, tag="triage"):
    """A dispatcher sends a case that found no unit to one, and may set its priority."""

    unit: str
    priority: Literal["normal", "high", "urgent"] = "normal"
    reason: str = ""


class Route(Command, frozen=True, kw_only=True, tag="route"):
    """A dispatcher or superior sends the case to another unit."""

    unit: str
    reason: str


class Claim(Command, frozen=True, kw_only=True, tag="claim"):
    """A post of the unit takes a task on itself."""

    task: str


class Assign(Command, frozen=True, kw_only=True, tag="assign"):
    """A post of the unit gives a task to a post of the same unit (delegate)."""

    task: str
    post: str


class Release(Command, frozen=True, kw_only=True, tag="release"):
    """The assignee gives a task back to its candidates."""

    task: str


class Start(Command, frozen=True, kw_only=True, tag="start"):
    """The assignee begins; an unclaimed task is claimed by it."""

    task: str


class Accept(Command, frozen=True, kw_only=True, tag="accept"):
    """The unit accepts the case."""


class Refuse(Command, frozen=True, kw_only=True, tag="refuse"):
    """The unit does not accept the case: one of the scenario's reasons, in words for the person."""

    reason: str
    text: str


class Record(Command, frozen=True, kw_only=True, tag="record"):
    """Write answers into the case file (corrections of the intake form by an officer or the requester)."""

    answers: dict[str, Any]
    files: tuple[File, ...] = ()


class Attach(Command, frozen=True, kw_only=True, tag="attach"):
    """Add files to the case file."""

    files: tuple[File, ...]
    note: str = ""


class Complete(Command, frozen=True, kw_only=True, tag="complete"):
    """End a human task with one of its outcomes, its form's answers and, where asked, a reason.

    ``code`` proves a signature that the form asks for; it is looked at and never kept.
    """

    task: str
    outcome: str = "done"
    answers: dict[str, Any] = {}
    files: tuple[File, ...] = ()
    reason: str = ""
    code: str = ""


class RequestSupplement(Command, frozen=True, kw_only=True, tag="request_supplement"):
    """Ask the requester for everything that is missing, in one list; stops the clock."""

    items: tuple[str, ...]
    text: str = ""


class Supply(Command, frozen=True, kw_only=True, tag="supply"):
    """The requester supplies what was asked for; the clock goes on."""

    answers: dict[str, Any] = {}
    files: tuple[File, ...] = ()
    text: str = ""


class Transfer(Command, frozen=True, kw_only=True, tag="transfer"):
    """Not ours: the lead unit names, with its reason, the unit that should take over."""

    unit: str
    reason: str


class ReturnToDispatcher(Command, frozen=True, kw_only=True, tag="return_to_dispatcher"):
    """Not ours, and whose is not known: back to the dispatcher, with the reason."""

    reason: str


class Join(Command, frozen=True, kw_only=True, tag="join"):
    """Ask another unit to handle jointly; the lead stays where it is."""

    unit: str
    duty: str


class Leave(Command, frozen=True, kw_only=True, tag="leave"):
    """End a unit's joint handling without a contribution."""

    unit: str
    reason: str


class Contribute(Command, frozen=True, kw_only=True, tag="contribute"):
    """A joint unit's part is done: what it found or did."""

    text: str
    files: tuple[File, ...] = ()


class SignFor(Command, frozen=True, kw_only=True, tag="sign_for"):
    """A joint unit acknowledges that the matter has reached it."""


class Urge(Command, frozen=True, kw_only=True, tag="urge"):
    """Ask for speed: the requester (once a day), a dispatcher or a superior."""

    text: str = ""


class Supervise(Command, frozen=True, kw_only=True, tag="supervise"):
    """A superior or dispatcher orders the lead unit to answer for the case."""

    order: str
    within: str = "2 working days"


class Reply(Command, frozen=True, kw_only=True, tag="reply"):
    """The lead unit answers a supervision order."""

    text: str
    files: tuple[File, ...] = ()


class Escalate(Command, frozen=True, kw_only=True, tag="escalate"):
    """Bring the case before the next higher unit."""

    reason: str


class Merge(Command, frozen=True, kw_only=True, tag="merge"):
    """This case is a duplicate of another open case of the same scenario."""

    into: int
    reason: str = ""


class Split(Command, frozen=True, kw_only=True, tag="split"):
    """Undo a merge: the case goes on by itself."""

    reason: str


class Suspend(Command, frozen=True, kw_only=True, tag="suspend"):
    """Stop the clock on a stated ground (an expert opinion, another proceeding)."""

    reason: str
    ground: str


class Resume(Command, frozen=True, kw_only=True, tag="resume"):
    """Go on after a suspension."""

    reason: str = ""


class Extend(Command, frozen=True, kw_only=True, tag="extend"):
    """Extend the statutory time of the whole case once, as its ground allows; the requester is told why."""

    reason: str


class Withdraw(Command, frozen=True, kw_only=True, tag="withdraw"):
    """The requester takes the matter back."""

    reason: str = ""


class Close(Command, frozen=True, kw_only=True, tag="close"):
    """Give the final answer with one of the scenario's results."""

    result: str
    answer: str
    files: tuple[File, ...] = ()


class Confirm(Command, frozen=True, kw_only=True, tag="confirm"):
    """The requester agrees that the matter is settled."""

    score: int | None = None
    comment: str = ""


class Contest(Command, frozen=True, kw_only=True, tag="contest"):
    """The requester does not agree; the case is reopened, or reviewed when it was reopened too often."""

    reason: str


class RequestReview(Command, frozen=True, kw_only=True, tag="request_review"):
    """The requester asks for an independent review of a final answer or of a refusal."""

    reason: str


class DecideReview(Command, frozen=True, kw_only=True, tag="decide_review"):
    """The reviewing unit upholds the final answer or sends the case back."""

    outcome: Literal["upheld", "sent_back"]
    reason: str


class Rate(Command, frozen=True, kw_only=True, tag="rate"):
    """The requester's rating, 1 (bad) to 5 (good)."""

    score: int
    comment: str = ""


class Note(Command, frozen=True, kw_only=True, tag="note"):
    """A remark: for the offices, or for everyone who may see the case."""

    text: str
    audience: Literal["office", "everyone"] = "office"


class Refer(Command, frozen=True, kw_only=True, tag="refer"):
    """Note the number that another system has given to the matter; empty takes it back.

    A number that is there already is changed only with a reason. ``title`` is what the system is called (zh, en); the
    office puts it in.
    """

    system: str
    number: str
    reason: str = ""
    title: tuple[str, ...] = ()


class Share(Command, frozen=True, kw_only=True, tag="share"):
    """A party lets a body outside the office read what the scenario names (``kind``: one of its ``shares``)."""

    kind: str
    unit: str
    consent: bool = False


class Unshare(Command, frozen=True, kw_only=True, tag="unshare"):
    """A party takes that back, as long as nobody has read it."""

    kind: str


class TakeShare(Command, frozen=True, kw_only=True, tag="take_share"):
    """The body begins to read; ``share`` names what it was given (``kind:party``)."""

    share: str


class AnswerShare(Command, frozen=True, kw_only=True, tag="answer_share"):
    """The body says what became of it: one of the scenario's answers, and its own number."""

    share: str
    answer: str
    number: str = ""


class Hold(Command, frozen=True, kw_only=True, tag="hold"):
    """Forbid erasure on a stated ground, until released."""

    ground: str


class ReleaseHold(Command, frozen=True, kw_only=True, tag="release_hold"):
    """Lift a hold."""

    reason: str


class Erase(Command, frozen=True, kw_only=True, tag="erase"):
    """Erase a party's personal data in this case."""

    party: str
    reason: str


class AddItem(Command, frozen=True, kw_only=True, tag="add_item"):
    """Add a discretionary task of the scenario."""

    item: str


class FireTimer(Command, frozen=True, kw_only=True, tag="fire_timer"):
    """The time of a clock has come (issued by the worker)."""

    clock: str


class ReportService(Command, frozen=True, kw_only=True, tag="report_service"):
    """A service task has ended: ``ok`` with values, or failed with an error; ``opened`` is a matter that it has opened."""

    task: str
    attempt: int
    ok: bool
    values: dict[str, Any] = {}
    files: tuple[File, ...] = ()
    error: str = ""
    opened: OtherMatter | None = None


AnyCommand = (
    Open
    | Triage
    | Route
    | Claim
    | Assign
    | Release
    | Start
    | Accept
    | Refuse
    | Record
    | Attach
    | Complete
    | RequestSupplement
    | Supply
    | Transfer
    | ReturnToDispatcher
    | Join
    | Leave
    | Contribute
    | SignFor
    | Urge
    | Supervise
    | Reply
    | Escalate
    | Merge
    | Split
    | Suspend
    | Resume
    | Extend
    | Withdraw
    | Close
    | Confirm
    | Contest
    | RequestReview
    | DecideReview
    | Rate
    | Note
    | Refer
    | Share
    | Unshare
    | TakeShare
    | AnswerShare
    | Hold
    | ReleaseHold
    | Erase
    | AddItem
    | FireTimer
    | ReportService
)

COMMANDS: dict[str, type[Command]] = {kind.__struct_config__.tag: kind for kind in AnyCommand.__args__}
"""Every command by its name."""
