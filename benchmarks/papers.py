"""How long papers and pictures take: setting a PDF of one page and of many, and drawing a photograph anew.

    python benchmarks/papers.py

writes the section "papers" of benchmarks/RESULTS.md. Every paper differs from the one before, so nothing comes from
memory; the process aside is warm, as it is after the first paper of a server.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable

from PIL import Image
from results import machine, write_section

from zhuoli.channels.attachments import PICTURES, Examiner
from zhuoli.channels.papers import Facts, Heading, Paper, Paragraph, Quote, Steps, plain, print_paper

REPEATS = 15


def paper(number: int, steps: int) -> Paper:
    """Return a receipt (no steps) or the print-out of a case with that many entries."""
    story = tuple(
        ("2026年3月4日（周三） 11:00", "城关区城市管理局", ("已受理，开始计时。", "提出人会收到承诺时间。"))
        for _ in range(steps)
    )
    return Paper(
        lang="zh",
        title="回执",
        issuer="城关区城市管理局",
        house="着力点",
        number=f"P-{number}",
        made="打印于今天",
        page="第 {n} 页，共 {all} 页",
        blocks=(
            Facts((("事项", "路灯不亮", False), ("回执号", f"ZL-{number}", False))),
            Heading("接下来"),
            Paragraph(plain("由责任单位在五个工作日内答复，由您来确认是否解决。")),
            Quote("楼下的路灯一周没亮了，孩子放学看不清路。"),
            *((Steps(story),) if story else ()),
        ),
    )


def photo(width: int, height: int) -> bytes:
    """Return a JPEG with some texture, such as a telephone takes."""
    target = io.BytesIO()
    grain = Image.effect_noise((width // 4, height // 4), 12).convert("RGB").resize((width, height))
    grain.save(target, "JPEG", quality=85)
    return target.getvalue()


def median(act: Callable[[int], object]) -> float:
    """Return the median of the times that ``act`` takes (ms)."""
    act(-1)
    times = []
    for number in range(REPEATS):
        began = time.perf_counter()
        act(number)
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def measure() -> list[tuple[str, float]]:
    """Measure everything; ms each."""
    found = [
        ("a receipt, one page", median(lambda n: print_paper(paper(n, 0)))),
        ("a case with 60 entries, three to four pages", median(lambda n: print_paper(paper(n, 60)))),
        ("a case with 600 entries, about forty pages", median(lambda n: print_paper(paper(n, 600)))),
    ]
    small, large = photo(4000, 3000), photo(8000, 6000)
    with Examiner() as examiner:
        found.append(
            ("a photograph of 12 megapixels, drawn anew", median(lambda _: examiner.examine(small, PICTURES)))
        )
        found.append(
            ("a photograph of 48 megapixels, drawn anew", median(lambda _: examiner.examine(large, PICTURES)))
        )

    def fresh(_: int) -> None:
        with Examiner() as examiner:
            examiner.examine(photo_of_one, PICTURES)

    photo_of_one = photo(40, 30)
    found.append(("beginning the process for the files of one request", median(fresh)))
    return found


if __name__ == "__main__":
    results = measure()
    lines = [
        "Time for one paper as a PDF (typst, PDF/UA-1, Chinese font) and for one picture of an upload, in a process aside.",
        "",
        "| what | ms |",
        "|---|---|",
        *(f"| {what} | {ms:,.0f} |" for what, ms in results),
        "",
        f"{machine('typst', 'pillow')}; median of {REPEATS}, other work on the machine. Repeat: `python benchmarks/papers.py`.",
    ]
    write_section("papers", lines)
    for what, ms in results:
        sys.stdout.write(f"{what}: {ms:,.0f} ms\n")
