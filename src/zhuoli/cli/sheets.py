"""``./zhuoli worker --sheets``: the monthly sheets of villages, on paper, without waiting for the month's end."""

from __future__ import annotations

from pathlib import Path

from zhuoli.cli import output
from zhuoli.core.text import Text


def print_month(month: str, out: Path | None, lang: str, as_json: bool) -> None:
    """Set the sheets of a month (``2026-05``) for each village with rounds; tell how many and how long it took.

    Django must be set up.
    """
    from zhuoli.channels.papers import PaperFailed
    from zhuoli.web.errors import BadRequestPage
    from zhuoli.web.village import sheet

    try:
        of = sheet.span(month)
        into = out or sheet.folder(of)
        # In a folder of one's own everything is set anew; what has printed itself is left alone.
        done = list(sheet.print_sheets(of, into, lang=lang, again=out is not None))
    except BadRequestPage as error:
        output.fail(error.text, Text("写成 2026-05 这样。", "Write it as 2026-05."), code="no_month")
    except PaperFailed as error:
        output.fail(
            Text(f"月报排不出来：{error}", f"The sheet could not be set: {error}"),
            Text("已排好的还在；再运行一次会接着排。", "What was set is kept; run it again to go on."),
            code="paper_failed",
        )
    seconds = sum(each.seconds for each in done)
    if as_json:
        told = {"month": of.key, "folder": str(into), "sheets": len(done), "seconds": round(seconds, 3)}
        output.echo_json(told)
        return
    output.say(
        Text(
            f"{of.name.zh}：排好 {len(done)} 份，用时 {seconds:.1f} 秒，在 {into}",
            f"{of.name.en}: {len(done)} sheets in {seconds:.1f} s, in {into}",
        )
    )
