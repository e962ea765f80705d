"""What was seen in a video, remembered for the run: the networks take seconds of processor time for the shortest one.

The tests of ``zhuoli.evidence`` look through theirs each time. Those of pages, tours and cities have the same few videos again
and again: each is looked through by the first that brings it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest
from tests.once import made_once


@pytest.fixture(scope="session", autouse=True)
def remembered(run_folder: Path) -> Iterator[None]:
    """The worker's capability asks for each file once in a run."""
    from zhuoli.capabilities import evidence
    from zhuoli.evidence import Prepared, prepare

    def again(pieces: Iterable[bytes]) -> Prepared:
        data = b"".join(pieces)
        path = run_folder / f"looked-through-{sha256(data).hexdigest()}"
        made_once(path, lambda new: new.write_bytes(msgspec.msgpack.encode(prepare([data]))))
        return msgspec.msgpack.decode(path.read_bytes(), type=Prepared)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evidence, "prepare", again)
        yield
