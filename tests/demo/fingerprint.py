"""Builds a small city in ZHUOLI_DATA at a fixed moment and prints a digest of the whole ledger in plain text.

Sealed texts and values are opened. What is drawn at random is left out: keys, ciphertexts, ids of sealed files, codes
of receipts; also the bytes of videos that the software copied, whose encoder works in several threads.
The database with its places is begun once: the next call takes a copy of it. One side brings a video, not two: to look
through each takes seconds.
"""

# ruff: noqa: E402 - Django is set up first
import hashlib
import json
import os
import shutil
import sys
from functools import partial
from pathlib import Path

import django

django.setup()

import msgspec
from django.core.management import call_command
from django.db import connection

from zhuoli.core.case.events import Attached
from zhuoli.demo import build as demo
from zhuoli.demo.films import Films
from zhuoli.environment import read_environment
from zhuoli.evidence.bundle import MEDIA_TYPE
from zhuoli.office import read
from zhuoli.office.directory import install_places, load_directory, load_places
from zhuoli.store.keys import CASE, KeyRing, read_master_key
from zhuoli.store.models import CaseRecord, FileRecord, KeyRecord, Territory, Unit
from zhuoli.store.sealing import open_personal, open_texts

begun, database = Path(sys.argv[3]), Path(connection.settings_dict["NAME"])
if begun.exists():
    shutil.copy(begun, database)
else:
    call_command("migrate", verbosity=0, skip_checks=True)
    assert install_places()
    assert not install_places()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    shutil.copy(database, begun)
demo.Films = partial(Films, most=1)  # type: ignore[assignment,misc]
built = demo.build(seed=int(sys.argv[1]), days=int(sys.argv[2]), now=1_795_461_000_000)
ring = KeyRing(read_master_key(read_environment()))
digest = hashlib.sha256()
stories = 0
for case in CaseRecord.objects.order_by("receipt").values_list("id", flat=True):
    keys = {
        party: ring.key(case, party, bytes(wrapped))
        for party, wrapped in KeyRecord.objects.filter(case_id=case).values_list("party", "wrapped")
    }
    for entry in read.history(case):
        for event in entry.events:
            opened = open_texts(event, keys[CASE]) if CASE in keys else event
            if isinstance(opened, Attached):
                opened = msgspec.structs.replace(opened, file="")
                if opened.media_type == MEDIA_TYPE:
                    opened = msgspec.structs.replace(opened, sha256="", size=0)
            plain = msgspec.to_builtins(opened)
            plain.pop("personal", None)
            digest.update(
                json.dumps([entry.seq, entry.at, entry.command, plain], sort_keys=True, default=str).encode()
            )
    state = read.load_state(case)
    for name, value in sorted(state.personal.items()):
        text = open_personal(state, name, keys[value.party])
        stories += isinstance(text, str) and "\n" in text
        digest.update(f"{name}={text}\n".encode())
print(
    json.dumps(
        {
            "digest": digest.hexdigest(),
            "cases": built.lived.cases,
            "commands": built.lived.commands,
            "stories": stories,
            "samples": len(built.samples),
            "files": FileRecord.objects.count(),
            "drafts": FileRecord.objects.filter(case_id__isnull=True).count(),
            "territories": Territory.objects.count(),
            "units": Unit.objects.count(),
            "version": load_directory().version,
            "responsible": load_directory().responsible("public_order", "620102001001"),
            "places": len(load_places()),
            "pid": os.getpid(),
        }
    )
)
