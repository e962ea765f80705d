"""What can be wrong with a workbook as such; what is wrong with a scenario is said by its own checker."""

from __future__ import annotations

from msgspec.structs import replace

from zhuoli.channels.workbook.model import Cell
from zhuoli.core.feel.sheet import place
from zhuoli.core.scenario.catalog import Entry, from_entry
from zhuoli.core.text import Mistake, Text

MISTAKES: dict[str, Entry] = {
    "workbook_unreadable": (
        Text(
            "这个文件不是能读的 Excel 工作簿（.xlsx）",
            "This file is no Excel workbook (.xlsx) that can be read",
        ),
        Text("在 Excel 里另存为“Excel 工作簿（*.xlsx）”", "Save it from Excel as “Excel workbook (*.xlsx)”"),
    ),
    "workbook_foreign": (
        Text("这不是本软件导出的工作簿", "This workbook was not made by this program"),
        Text(
            "先用 scenario workbook export 或 new 得到一份，再在里面改",
            "Get one by scenario workbook export or new, and change that",
        ),
    ),
    "workbook_newer": (
        Text("这份工作簿是更新的版本做的", "This workbook was made by a newer version"),
        Text("更新本软件，或重新导出", "Update this program, or export again"),
    ),
    "workbook_other": (
        Text(
            "这份工作簿属于场景“{book}”，不是“{folder}”",
            "This workbook belongs to “{book}”, not to “{folder}”",
        ),
        Text("换一个文件夹，或不写文件夹", "Name another folder, or none"),
    ),
    "workbook_stale": (
        Text("导出之后，文件夹里的文件又改过", "The folder was changed after the workbook was exported"),
        Text(
            "重新导出再改；确定要用这份，加 --anyway（文件夹里改的别处会保留，同一处以工作簿为准）",
            "Export again; to use this one all the same add --anyway: where both changed the same, the workbook counts",
        ),
    ),
    "sheet_missing": (
        Text("缺少工作表“{name}”", "The sheet “{name}” is missing"),
        Text("重新导出一份，不要删工作表", "Export again and delete no sheet"),
    ),
    "sheet_renamed": (
        Text(
            "缺少工作表“{name}”；“{found}”像是它改了名",
            "The sheet “{name}” is missing; “{found}” looks like it under another name",
        ),
        Text("把名字改回“{name}”", "Call it “{name}” again"),
    ),
    "headings_gone": (
        Text(
            "第 2 行不是表头（应有“{wanted}”等）",
            "Row 2 is not the row of headings (“{wanted}” and others)",
        ),
        Text(
            "表头在第 2 行，上面只有一行说明：删去插在上面的行",
            "Headings are row 2, below one row of explanations: delete rows put in above",
        ),
    ),
    "heading_twice": (
        Text("表头“{heading}”出现了两次", "The heading “{heading}” stands there twice"),
        Text("留下一列", "Keep one of the columns"),
    ),
    "column_missing": (
        Text("缺少“{wanted}”这一列", "The column “{wanted}” is missing"),
        Text(
            "撤销删除，或重新导出一份；列可以移，不能少",
            "Undo, or export again: columns may be moved, none may go",
        ),
    ),
    "column_unknown": (
        Text(
            "这一列不是工作簿里的，写在这里的不会读入",
            "This is no column of the workbook: it would not be read",
        ),
        Text(
            "删去；自己的备注写在另一张新的工作表里",
            "Remove it; notes of your own go on a new sheet",
        ),
    ),
    "heading_changed": (
        Text("表头应是“{wanted}”，现在是“{found}”", "The heading should be “{wanted}” and is “{found}”"),
        Text("把表头改回来", "Put the heading back"),
    ),
    "cell_formula": (
        Text("这里是公式", "There is a formula here"),
        Text("写成文字：选中，复制，选择性粘贴为“值”", "Make it a text: copy and paste it as values"),
    ),
    "cell_error": (
        Text("这里是 Excel 的错误值“{value}”", "There is Excel's error “{value}” here"),
        Text("改成要写的文字", "Write what it should say"),
    ),
    "row_unknown": (
        Text("不认识的位置“{key}”", "Unknown place “{key}”"),
        Text(
            "灰色的列不要改；要加新的一项，请改 {source}",
            "Leave grey columns alone; to add something edit {source}",
        ),
    ),
    "row_twice": (
        Text(
            "“{key}”写了两行（另一行是第 {first} 行）",
            "“{key}” stands in two rows (the other is row {first})",
        ),
        Text("留下一行", "Keep one of them"),
    ),
    "line_unreadable": (
        Text("这里读不懂：{line}", "This cannot be read: {line}"),
        Text(
            "一行一项，写成“名称 = 值”，等号两边有空格；同一项不写两遍",
            "One line each, “name = value” with spaces around the sign; nothing twice",
        ),
    ),
    "stage_missing": (
        Text(
            "“办理过程”里没有阶段“{stage}”的那一行", "The sheet 办理过程 has no row for the stage “{stage}”"
        ),
        Text("加一行：只写阶段编号和名称，事项编号空着", "Add a row with the stage's id and title only"),
    ),
    "outcome_without_task": (
        Text("“办理过程”里没有“{stage} / {item}”", "The sheet 办理过程 has no “{stage} / {item}”"),
        Text("与“办理过程”里的编号写得一样", "Write the ids as they stand there"),
    ),
    "example_unknown": (
        Text("“示例”里没有“{example}”", "The sheet 示例 has no “{example}”"),
        Text("在“示例”里加一行，写编号、名称和开始时间", "Add a row there: id, title and start"),
    ),
    "example_without_steps": (
        Text("示例“{example}”没有步骤", "The example “{example}” has no step"),
        Text("在“示例步骤”里写至少一行", "Write one row at least under 示例步骤"),
    ),
    "row_without_id": (
        Text("这一行没有写“{column}”", "This row has no “{column}”"),
        Text("填上；不要的行整行删去", "Fill it in, or delete the row"),
    ),
    "id_wrong": (
        Text("“{key}”不能用作编号", "“{key}” cannot be an id"),
        Text(
            "用小写字母、数字、下划线，例如 street_lamp",
            "Lower-case letters, digits, underscores: street_lamp",
        ),
    ),
    "form_without_title": (
        Text("表单“{form}”没有写名称", "The form “{form}” has no title"),
        Text(
            "加一行：只写表单编号和中英文名称，问题编号空着",
            "Add a row with the form's id and titles only, without a question",
        ),
    ),
    "choice_without_question": (
        Text("没有问题“{form} / {question}”", "There is no question “{form} / {question}”"),
        Text("与表单里的编号写得一样", "Write its ids as in the sheet of questions"),
    ),
    "example_missing": (
        Text("必答的问题要写一个示例回答", "A question that must be answered needs a sample answer"),
        Text(
            "写一个真实的人会填的回答；示例就是这个场景的测试",
            "Write what a real person might answer: samples are the scenario's test",
        ),
    ),
    "sheet_empty": (
        Text("“{name}”里还没有填", "“{name}” is still empty"),
        Text("至少填一行", "Fill in one row at least"),
    ),
    "field_empty": (
        Text("“{name}”没有填", "“{name}” is not filled in"),
        Text("填上这一格", "Fill in this cell"),
    ),
    "value_unknown": (
        Text("“{value}”不在列表里", "“{value}” is none of the list"),
        Text("可用：{allowed}", "Use one of: {allowed}"),
    ),
    "sample_wrong": (
        Text("照示例回答走一遍，走不通：{what}", "Lived through with the sample answers it fails: {what}"),
        Text(
            "核对每个问题的类型、条件和示例回答", "Check each question's type, conditions and sample answer"
        ),
    ),
    "example_wrong": (
        Text("这个示例走不通：{what}", "This example fails: {what}"),
        Text(
            "改这一步或它期望的结果；open 没写的回答用的是示例回答",
            "Change the step or what it expects; what open does not answer is a sample answer",
        ),
    ),
    "days_wrong": (
        Text("“{value}”不是工作日数", "“{value}” is no number of working days"),
        Text("写 1 到 1000 的整数", "A whole number from 1 to 1000"),
    ),
    "folder_exists": (
        Text("文件夹 {folder} 已经有了", "The folder {folder} exists already"),
        Text("换一个编号；要改已有的，先导出它", "Take another id; to change that one export it first"),
    ),
    "folder_missing": (
        Text("没有场景文件夹 {folder}", "There is no scenario folder {folder}"),
        Text("写出文件夹，例如 scenarios/public_need", "Name the folder, such as scenarios/public_need"),
    ),
    "folder_broken": (
        Text("文件夹里的场景本来就有错", "The scenario in the folder has mistakes already"),
        Text("先运行 scenario check 改好", "Mend them first, with scenario check"),
    ),
}


REMEDIES: dict[str, Text] = {
    "no_choices": Text(
        "在“选项”里加行：表单、问题编号写得和这里一样", "Add rows to 选项 with the same form and question"
    ),
    "no_calculation": Text("填上“怎样算出”这一列", "Fill in the column 怎样算出"),
    "not_an_integer": Text("只写数字，例如 3", "Write digits only, such as 3"),
    "missing_command_key": Text("在“内容”里加一行，写“名称 = 值”", "Add a line “name = value” under 内容"),
}
"""What to do in a workbook where the checker's own remedy speaks of a file."""


def mistake(code: str, file: str, cell: Cell | None = None, **values: object) -> Mistake:
    """A mistake of the workbook ``file``, at a cell."""
    return placed(from_entry(code, MISTAKES[code], ("", 0, 0), values), file, cell)


def placed(found: Mistake, file: str, cell: Cell | None) -> Mistake:
    """The same mistake, told by sheet, row and column of the workbook."""
    if cell is None:
        return replace(found, file=file, line=0, column=0)
    remedy = REMEDIES.get(found.code, found.remedy)
    letter = place(1, cell.column)[:-1] if cell.column else ""
    zh_place = f"第 {cell.row} 行 {letter} 列" if letter else f"第 {cell.row} 行"
    en_place = f"row {cell.row}, column {letter}" if letter else f"row {cell.row}"
    message = Text(
        f"工作表“{cell.sheet}”{zh_place}：{found.message.zh}",
        f"Sheet “{cell.sheet}”, {en_place}: {found.message.en}",
    )
    return replace(found, file=file, line=cell.row, column=cell.column, message=message, remedy=remedy)
