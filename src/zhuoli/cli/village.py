"""``./zhuoli village``: the monthly sheets of villages, on paper."""

from __future__ import annotations

from pathlib import Path

import click

from zhuoli.cli import output
from zhuoli.cli.ledger import start_django
from zhuoli.core.text import Text


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def village() -> None:
    """一村一辅警：勤务月报。 One village, one auxiliary: monthly sheets."""


@village.command()
@click.option(
    "--month",
    default="",
    metavar="YYYY-MM",
    help="哪个月，不写就是上个月。 Which month; the last one if left out.",
)
@click.option(
    "--village", "codes", multiple=True, help="村的12位代码，可写多个。 Codes of villages (12 digits)."
)
@click.option(
    "--out", type=click.Path(path_type=Path), help="放到哪里 [数据文件夹/sheets/月份]。 Where to put them."
)
@click.option(
    "--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言。 The language."
)
@click.option("--again", is_flag=True, help="已有的也重新排。 Set those again that are there.")
@click.option("--json", "as_json", is_flag=True, help="以 JSON 输出。 Answer in JSON.")
def sheet(
    month: str, codes: tuple[str, ...], out: Path | None, lang: str, again: bool, as_json: bool
) -> None:
    """打印月报：有记录的每个村一份 PDF。 Print the monthly sheets, a PDF for each village with rounds."""
    start_django()
    from zhuoli.channels.papers import PaperFailed
    from zhuoli.office.directory import BadDirectory
    from zhuoli.store.keys import KeyTrouble
    from zhuoli.web import when
    from zhuoli.web.errors import BadRequestPage
    from zhuoli.web.village import sheet as sheets
    from zhuoli.web.village.served import village_of

    try:
        of = sheets.span(month) if month else sheets.month_before(when.now())
        unknown = [code for code in codes if village_of(code) is None]
        if unknown:
            output.fail(
                Text(f"没有这个村：{'、'.join(unknown)}", f"There is no such village: {', '.join(unknown)}"),
                Text("写12位的村代码，例如 620102010201。", "Write the 12-digit code, such as 620102010201."),
                code="no_village",
            )
        into = out or sheets.folder(of)
        done = list(sheets.print_sheets(of, into, villages=codes or None, lang=lang, again=again))
    except BadRequestPage as error:
        output.fail(error.text, Text("写成 2026-05 这样。", "Write it as 2026-05."), code="no_month")
    except (KeyTrouble, BadDirectory) as error:
        output.fail(error.text, error.remedy, code=error.code)
    except PaperFailed as error:
        output.fail(
            Text(f"月报排不出来：{error}", f"The sheet could not be set: {error}"),
            Text("已排好的还在；再运行一次会接着排。", "What was set is kept; run it again to go on."),
            code="paper_failed",
        )
    seconds = sum(each.seconds for each in done)
    if as_json:
        output.echo_json(
            {"month": of.key, "folder": str(into), "sheets": len(done), "seconds": round(seconds, 3)}
        )
        return
    output.say(
        Text(
            f"{of.name.zh}：排好 {len(done)} 份，用时 {seconds:.1f} 秒，在 {into}",
            f"{of.name.en}: {len(done)} sheets in {seconds:.1f} s, in {into}",
        )
    )
