"""Threads of a server that read a scenario for the first time do not get in each other's way."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SHELF = Path(__file__).parents[3] / "scenarios"
PROGRAM = f"""
import threading, time
from pathlib import Path
from zhuoli.core.scenario import build
made = build._reader
def slowly(shape):
    time.sleep(0.0005)  # long enough for another thread to come in between
    return made(shape)
build._reader = slowly
from zhuoli.core.scenario.folder import read_folder
gate = threading.Barrier(8)
wrong = []
def read():
    gate.wait()
    try:
        scenario, mistakes = read_folder(Path({str(SHELF / "public_need")!r}), check=False)
        if scenario is None or mistakes:
            wrong.append(mistakes)
    except Exception as error:
        wrong.append(error)
threads = [threading.Thread(target=read) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
print(len(wrong), wrong[:1])
"""


def test_first_reading_in_eight_threads() -> None:
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
        assert done.stdout.startswith("0 "), done.stdout
