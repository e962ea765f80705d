"""The schema, one module for each room that keeps rows."""

from zhuoli.store.models.acts import ActRecord
from zhuoli.store.models.cases import (
    BookingRecord,
    CaseRecord,
    PartyRecord,
    ReferenceRecord,
    ScenarioRecord,
    ShareRecord,
    StateRecord,
    SubjectRecord,
    TaskRecord,
    WakeRecord,
)
from zhuoli.store.models.desk import SavedViewRecord, WordsRecord
from zhuoli.store.models.drafts import DraftRecord
from zhuoli.store.models.ledger import EntryRecord, LeafRecord, LookRecord, NodeRecord, TreeHeadRecord
from zhuoli.store.models.papers import PaperRecord
from zhuoli.store.models.places import Post, Territory, Unit
from zhuoli.store.models.secrets import (
    AttemptRecord,
    FileRecord,
    KeyRecord,
    OutboxRecord,
    ReceiptRecord,
    SigningCodeRecord,
    WishRecord,
)
from zhuoli.store.models.shelf import FoundRecord, NightRecord, ServingRecord
from zhuoli.store.models.tools import (
    CallLookRecord,
    CallRecord,
    ExportRecord,
    HandoverRecord,
    HandoverSignRecord,
    NotSameRecord,
    PartnerKeyRecord,
    ShiftRecord,
)

__all__ = [
    "ActRecord",
    "AttemptRecord",
    "BookingRecord",
    "CallLookRecord",
    "CallRecord",
    "CaseRecord",
    "DraftRecord",
    "EntryRecord",
    "ExportRecord",
    "FileRecord",
    "FoundRecord",
    "HandoverRecord",
    "HandoverSignRecord",
    "KeyRecord",
    "LeafRecord",
    "LookRecord",
    "NightRecord",
    "NodeRecord",
    "NotSameRecord",
    "OutboxRecord",
    "PaperRecord",
    "PartnerKeyRecord",
    "PartyRecord",
    "Post",
    "ReceiptRecord",
    "ReferenceRecord",
    "SavedViewRecord",
    "ScenarioRecord",
    "ServingRecord",
    "ShareRecord",
    "ShiftRecord",
    "SigningCodeRecord",
    "StateRecord",
    "SubjectRecord",
    "TaskRecord",
    "Territory",
    "TreeHeadRecord",
    "Unit",
    "WakeRecord",
    "WishRecord",
    "WordsRecord",
]
