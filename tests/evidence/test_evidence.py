"""Evidence as files: what can be seen of it, what is refused and why, what is doubtful, and what the process may not do."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from tests.evidence.clips import clip

from zhuoli.evidence import Facts, Unreadable, bundle, examine, prepare
from zhuoli.evidence.doubts import Told, doubts
from zhuoli.evidence.kinds import LARGEST, MOST_FRAMES
from zhuoli.evidence.moments import TALL, WIDE, Chooser, Moment, Signals
from zhuoli.evidence.reader import bounds
from zhuoli.office.confine import _MACHINES, _program

NOON = 1_772_596_800_000
HOUR = 3_600_000


def look(data: bytes) -> Facts:
    return examine([data], len(data))


def photo(**options: object) -> bytes:
    target = io.BytesIO()
    noise = np.random.default_rng(1).integers(0, 255, (120, 160, 3)).astype(np.uint8)
    Image.fromarray(noise).save(target, "JPEG", **options)
    return target.getvalue()


@pytest.fixture(scope="module")
def crash() -> bytes:
    return clip(impact=2.0, sound=True)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "empty"),
        (b"MZ" + bytes(400), "kind"),
        (b"\x00\x00\x00\x18ftypisom" + os.urandom(3000), "broken"),
        (photo()[:900], "cut"),
        (b"\x1a\x45\xdf\xa3" + os.urandom(2000), "broken"),
        (b"RIFF" + bytes(4) + b"AVI " + os.urandom(500), "broken"),
    ],
)
def test_hostile_and_empty_files_have_a_reason(data: bytes, reason: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        look(data)
    assert unreadable.value.reason in ({reason, "cut"} if reason == "broken" else {reason})


def test_a_file_that_was_cut_off_says_so_and_a_huge_one_is_not_even_read(crash: bytes) -> None:
    with pytest.raises(Unreadable) as cut:
        look(crash[: len(crash) // 2])
    assert cut.value.reason == "cut"
    with pytest.raises(Unreadable) as large:
        examine(iter(()), LARGEST + 1)
    assert large.value.reason == "large"


def test_sound_alone_has_no_picture() -> None:
    import av

    target = io.BytesIO()
    with av.open(target, "w", format="mp4") as container:
        stream = container.add_stream("aac", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
        frame.sample_rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(Unreadable) as unreadable:
        look(target.getvalue())
    assert unreadable.value.reason == "no_picture"


def test_the_impact_is_among_the_key_frames_and_the_copy_is_silent(crash: bytes) -> None:
    seen = prepare([crash])
    assert len(seen.frames) <= MOST_FRAMES
    assert [each.at for each in seen.frames] == sorted(each.at for each in seen.frames)
    assert min(abs(each.at - 2.0) for each in seen.frames) <= 0.5
    assert seen.facts.sound
    assert seen.facts.frames == 100
    copy = look(seen.playback)
    assert not copy.sound
    assert copy.codec == "h264"
    assert copy.seconds == pytest.approx(4.0, abs=0.1)
    packed = bundle.pack(
        report := bundle.report_of(bundle.Report(original="o", sha256="s", size=1), seen, ()),
        tuple(each.jpeg for each in seen.frames),
        seen.playback,
    )
    head = bundle.open_head([packed[:5], packed[5:3000], packed[3000:]])
    assert head.frames == report.frames
    third = head.frames[2]
    assert b"".join(bundle.part([packed], head.head + third.start, third.size)) == seen.frames[2].jpeg
    assert packed.endswith(seen.playback)


def test_a_turned_video_comes_upright_and_hevc_and_uneven_rates_are_read() -> None:
    turned = prepare([clip(seconds=1, turned=90)])
    assert (turned.facts.width, turned.facts.height) == (180, 320)
    assert Image.open(io.BytesIO(turned.frames[0].jpeg)).size == (180, 320)
    odd = prepare([clip(seconds=1, codec="libx265", variable=True, form="matroska")])
    assert odd.facts.codec == "hevc"
    assert odd.facts.variable
    assert odd.playback


def test_a_photo_keeps_what_it_says_of_itself_apart_from_its_copy() -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = "Maker", "Model 1"
    exif.get_ifd(0x8769)[0x9003] = "2026:03:04 12:00:00"
    exif.get_ifd(0x8825).update({1: "N", 2: (36.0, 3.0, 40.0), 3: "E", 4: (103.0, 50.0, 0.0)})
    seen = prepare([photo(exif=exif.tobytes())])
    assert seen.facts.recorded == NOON
    assert seen.facts.maker == "Maker Model 1"
    assert seen.facts.place == (pytest.approx(36.0611, abs=1e-3), pytest.approx(103.8333, abs=1e-3))
    assert b"Maker" not in seen.frames[0].jpeg
    assert not seen.playback


FACTS = Facts(media_type="video/mp4", codec="h264", width=2, height=2)


@pytest.mark.parametrize(
    ("recorded", "codes"),
    [
        (None, {"no_time"}),
        (NOON, set()),
        (NOON - 9 * 60_000, set()),
        (NOON - HOUR, {"before"}),
        (NOON + 3 * HOUR, {"ahead"}),
        (NOON + 30 * HOUR, {"ahead"}),
    ],
)
def test_contradictions_are_told(recorded: int | None, codes: set[str]) -> None:
    from msgspec.structs import replace

    found = doubts(replace(FACTS, recorded=recorded), Told(occurred=NOON, received=NOON + HOUR))
    assert {each.code for each in found} == codes
    assert all(each.zh and each.en for each in found)


def test_what_was_cut_rewritten_or_brought_twice_is_doubtful() -> None:
    from msgspec.structs import replace

    facts = replace(FACTS, recorded=NOON, cut_off=True, software="Lavf62.3")
    found = doubts(facts, Told(occurred=None, received=NOON, twice=True))
    assert [each.code for each in found] == ["cut_off", "rewritten", "twice"]


@given(st.lists(st.tuples(st.floats(0, 12), st.floats(0, 12)), min_size=20, max_size=60), st.integers(2, 12))
def test_never_more_moments_than_asked_for_in_the_order_of_time(
    strengths: list[tuple[float, float]], most: int
) -> None:
    chooser, signals = Chooser(), Signals()
    for number, (jolt, shaking) in enumerate(strengths):
        chooser.offer(number, number / 25, {"jolt": jolt, "shaking": shaking, "break": 0.0, "cut": 0.0})
    first, last = Moment(0, 0.0, "start", 0), Moment(len(strengths), len(strengths) / 25, "end", 0)
    found = chooser.choose(signals, most, first, last)
    assert len(found) <= most
    assert [each.at for each in found] == sorted(each.at for each in found)
    assert found[0] == first


def test_a_still_picture_has_no_strong_moment() -> None:
    signals = Signals()
    still = np.random.default_rng(1).uniform(0, 255, (TALL, WIDE)).astype(np.float32)
    for number in range(30):
        signals.see(still, number / 25)
    assert max(signals.jolt) < 0.1
    assert max(signals.top) < 0.1


def test_the_process_has_no_network_no_programs_and_no_files(tmp_path: Path) -> None:
    held = bounds()
    assert held.memory
    assert held.time
    assert held.files
    if not sys.platform.startswith("linux") or not held.calls:
        pytest.skip("this machine grants no filter of system calls")
    said = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_TRIES), str(tmp_path / "x")],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert said == ["PermissionError", "PermissionError", "OSError", "MemoryError"]


_TRIES = """
    import socket, subprocess, sys
    from zhuoli.office.confine import confine
    confine(memory=1 << 30, seconds=20)
    def write():
        with open(sys.argv[1], "wb") as target:
            target.write(b"x")
    for act in (socket.socket, lambda: subprocess.run(["true"]), write, lambda: bytearray(2 << 30)):
        try:
            act()
            print("done")
        except BaseException as error:
            print(type(error).__name__)
"""


@pytest.mark.parametrize("machine", sorted(_MACHINES))
def test_the_filter_refuses_each_listed_call_and_lets_all_others_pass(machine: str) -> None:
    audit, calls = _MACHINES[machine]
    assert _run(_program(audit, calls), audit, calls["socket"]) == 0x00050001
    assert all(_run(_program(audit, calls), audit, number) == 0x00050001 for number in calls.values())
    assert _run(_program(audit, calls), audit, 0) == 0x7FFF0000
    assert _run(_program(audit, calls), audit + 1, calls["socket"]) == 0x80000000


def _run(program: bytes, audit: int, number: int) -> int:
    """Run a filter as the kernel does."""
    import struct

    place, value = 0, 0
    while True:
        code, yes, no, k = struct.unpack_from("HBBI", program, 8 * place)
        if code == 0x20:
            value = {0: number, 4: audit}[k]
        elif code == 0x06:
            return int(k)
        else:
            place += yes if value == k else no
        place += 1
