"""Mistakes in what a scenario declares of its query: code, sentence, remedy."""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

T = Text

QUERY: dict[str, Entry] = {
    "query_undeclared": (
        T(
            "有 query.sql 或 servings.csv，却没有 query.yaml",
            "There is a query.sql or servings.csv, but no query.yaml",
        ),
        T(
            "写 query.yaml：查什么、读哪些登记册、开什么事项",
            "Write query.yaml: what is found, which registers are read, what is opened",
        ),
    ),
    "query_without_find": (
        T("查询没有示例", "The query has no worked example"),
        T(
            "写 finds.yaml：登记册里几行进去，正好找到哪些",
            "Write finds.yaml: a few rows of registers, and exactly what is found in them",
        ),
    ),
    "find_day": (
        T("today 的“{value}”不是日期", "today: “{value}” is no date"),
        T("写成 2026-03-02 这样", "Write it as 2026-03-02"),
    ),
    "find_register": (
        T("查询不读登记册“{name}”", "The query does not read the register “{name}”"),
        T("query.yaml 的 reads：{allowed}", "reads in query.yaml: {allowed}"),
    ),
    "find_serving": (
        T("没有上架“{name}”", "There is no serving “{name}”"),
        T("servings.csv 里有：{allowed}", "servings.csv has: {allowed}"),
    ),
    "find_incomplete": (
        T("没有写 {name}", "It does not say {name}"),
        T("写上哪个上架、找到哪个：serving 和 subject", "Say which serving found which subject"),
    ),
    "query_missing": (
        T("有 query.yaml，却没有 query.sql", "There is a query.yaml, but no query.sql"),
        T("把查询写进 query.sql", "Write the query into query.sql"),
    ),
    "servings_missing": (
        T("没有 servings.csv", "There is no servings.csv"),
        T("写 servings.csv，至少一行上架参数", "Write servings.csv with at least one serving"),
    ),
    "query_without_channel": (
        T("查询要开事项，渠道里却没有 model", "The query opens cases, but model is not among the channels"),
        T("在 channels 里加上 model", "Add model to channels"),
    ),
    "model_without_query": (
        T("渠道里有 model，却没有查询", "model is among the channels, but there is no query"),
        T(
            "写 query.yaml 和 query.sql，或从 channels 去掉 model",
            "Write query.yaml and query.sql, or take model out of channels",
        ),
    ),
    "query_reads_nothing": (
        T("没有写读哪些登记册", "It does not say which registers are read"),
        T("写 reads: [登记册编号]", "Write reads: [ids of registers]"),
    ),
    "parameter_reserved": (
        T("参数名“{name}”保留给软件", "The name “{name}” is kept for the software"),
        T("换一个名字", "Take another name"),
    ),
    "parameter_range": (
        T("“{value}”不在 {least} 到 {most} 之间", "“{value}” is not between {least} and {most}"),
        T("写这个范围内的整数", "Write a whole number in that range"),
    ),
    "query_most": (
        T("most 的 {value} 不在 1 到 10000 之间", "most: {value} is not between 1 and 10000"),
        T("写一次最多开多少件，例如 200", "Write how many cases are opened at most at a time, such as 200"),
    ),
    "query_floor": (
        T("floor 的 {value} 不是百分数", "floor: {value} is no percentage"),
        T("写 1 到 100，例如 60", "Write 1 to 100, such as 60"),
    ),
    "query_verdicts": (
        T("verdicts 的 {value} 不在 1 到 10000 之间", "verdicts: {value} is not between 1 and 10000"),
        T(
            "写有多少个结论才看准确率，例如 20",
            "Write after how many verdicts precision is looked at, such as 20",
        ),
    ),
    "query_two_verdicts": (
        T(
            "结果“{name}”既在 {first} 又在 {second}",
            "The result “{name}” stands under {first} and under {second}",
        ),
        T("一个结果只说明一种结论，删去一处", "A result is one verdict: remove it from one of them"),
    ),
    "query_unknown_question": (
        T("受理表里没有问题“{name}”", "The intake form has no question “{name}”"),
        T("{nearest}受理表的问题：{allowed}", "{nearest}Its questions: {allowed}"),
    ),
    "query_lacks_answer": (
        T(
            "必填的问题“{name}”没有从查询得到答案",
            "The mandatory question “{name}” gets no answer from the query",
        ),
        T(
            "在 answers 里写 {name}: 列名，或不要求必填",
            "Write {name}: COLUMN under answers, or do not require it",
        ),
    ),
    "query_unknown_column": (
        T("查询没有列“{name}”", "The query has no column “{name}”"),
        T("{nearest}已声明的列：{allowed}", "{nearest}Declared columns: {allowed}"),
    ),
    "query_unknown_result": (
        T("没有办理结果“{name}”", "There is no result “{name}”"),
        T("{nearest}已有的结果：{allowed}", "{nearest}Results: {allowed}"),
    ),
    "query_party": (
        T(
            "当事人“{role}”必须有，但模型不知道是谁",
            "The party “{role}” is required, but a model knows nobody",
        ),
        T("不要写 required: true；模型从不指向个人", "Do not require it: a model never points at a person"),
    ),
    "servings_heading": (
        T("第一行的表头不对", "The headings in the first row are not right"),
        T("第一行写：{heads}", "Write in the first row: {heads}"),
    ),
    "serving_parameter": (
        T("没有参数“{name}”", "There is no parameter “{name}”"),
        T("已声明的参数：{allowed}", "Declared parameters: {allowed}"),
    ),
    "bad_serving": (
        T("上架编号“{value}”不能用，或写了两次", "The id “{value}” cannot be used, or is written twice"),
        T(
            "小写字母开头，后接字母、数字、下划线",
            "Begin with a lower-case letter, go on with letters, digits and underscores",
        ),
    ),
    "serving_title": (
        T("缺少上架名称", "The serving has no title"),
        T("两种文字都要写", "Write it in both languages"),
    ),
    "serving_territory": (
        T("辖区“{value}”不对", "“{value}” is no territory"),
        T(
            "写区划代码的前 2、4、6 或 9 位，例如 6201；空着是全省",
            "Write the first 2, 4, 6 or 9 digits of the code, such as 6201; empty: the province",
        ),
    ),
    "serving_too_small": (
        T(
            "这个模型最小按县区上架，“{value}”是乡镇街道",
            "This model is served for a county at the smallest; “{value}” is a town",
        ),
        T(
            "写 6 位以内的代码；登记册里有乡镇的，在 query.yaml 写 smallest: town，查询里用乡镇或村的代码去比",
            "Write six digits at most; where the registers know towns, write smallest: town in query.yaml, and let the query compare codes of towns or villages",
        ),
    ),
}
