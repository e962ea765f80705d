"""Every mistake that can be found in the text of a query, and what of SQL a query may use. Codes are stable.

The subset is what means the same on DuckDB and on Spark. What differs silently between them (``date_diff``, ``dayofweek``,
``epoch``, approximate counts) or depends on the moment or on chance is not in it.
"""

from __future__ import annotations

from sqlglot import exp

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

T = Text

ALLOWED: frozenset[type[exp.Func]] = frozenset(
    {
        exp.Abs, exp.And, exp.Avg, exp.Case, exp.Cast, exp.Ceil, exp.Coalesce, exp.Concat, exp.Count, exp.Exists,
        exp.Floor, exp.Greatest, exp.If, exp.Least, exp.Left, exp.Length, exp.Lower, exp.Max, exp.Min, exp.Month,
        exp.Nullif, exp.Or, exp.Right, exp.Round, exp.RowNumber, exp.StartsWith, exp.Substring, exp.Sum, exp.Trim,
        exp.Upper, exp.Year,
    }
)  # fmt: skip
NAMES = (
    "abs, avg, case, cast, ceil, coalesce, concat, count, exists, floor, greatest, least, left, length, lower, max, min, month, "
    "nullif, right, round, row_number, starts_with, substring, sum, trim, upper, year"
)
BY_CHANCE: frozenset[type[exp.Expression]] = frozenset(
    {
        exp.CurrentDate,
        exp.CurrentTimestamp,
        exp.CurrentTime,
        exp.Rand,
        exp.Randn,
        exp.Uuid,
        exp.AnyValue,
        exp.First,
        exp.Last,
    }
)
BY_CHANCE_NAMES = frozenset(
    {
        "now",
        "today",
        "random",
        "uuid",
        "gen_random_uuid",
        "setseed",
        "nextval",
        "get_current_time",
        "any_value",
        "arbitrary",
    }
)

MISTAKES: dict[str, Entry] = {
    "sql_syntax": (
        T("这里读不懂：{problem}", "This cannot be read: {problem}"),
        T(
            "检查括号、逗号和关键词；查询是一条 SELECT",
            "Check brackets, commas and words; a query is one SELECT",
        ),
    ),
    "one_select": (
        T("查询只能是一条 SELECT", "A query is one SELECT and nothing else"),
        T("删去别的语句；中间步骤写成 WITH", "Remove other statements; write steps in between as WITH"),
    ),
    "register_undeclared": (
        T("读了“{name}”，reads 里没有写", "It reads “{name}”, which is not among reads"),
        T("在 query.yaml 的 reads 里加上 {name}", "Add {name} to reads in query.yaml"),
    ),
    "register_unknown": (
        T("没有登记册“{name}”", "There is no register “{name}”"),
        T("{nearest}已有的登记册：{allowed}", "{nearest}Registers: {allowed}"),
    ),
    "register_unused": (
        T("reads 里的“{name}”没有用到", "“{name}” stands among reads, but is not read"),
        T("从 reads 里删去它；只声明用得到的", "Take it out of reads: declare only what is used"),
    ),
    "no_serving": (
        T("没有用关系 serving", "The relation serving is not used"),
        T("JOIN serving s ON …，参数写成 s.参数名", "JOIN serving s ON …, and write parameters as s.NAME"),
    ),
    "file_read": (
        T("不能直接读文件或别的来源：{name}", "Files and other sources cannot be read: {name}"),
        T(
            "先把数据导入登记册，再在 reads 里声明",
            "Import the data into a register, and declare it in reads",
        ),
    ),
    "function_unknown": (
        T(
            "不能用函数 {name}：它在 DuckDB 和 Spark 上结果可能不同，或没有登记",
            "{name} cannot be used: it may differ between DuckDB and Spark, or is not listed",
        ),
        T("可用的函数：{allowed}", "Functions: {allowed}"),
    ),
    "not_deterministic": (
        T("{name} 每次结果可能不同", "{name} may give another result each time"),
        T(
            "日期用 serving.today；取一个值用 min 或 max",
            "Use serving.today for the day, and min or max for one of several values",
        ),
    ),
    "limit_unordered": (
        T(
            "LIMIT 没有 ORDER BY，每次取到的行可能不同",
            "LIMIT without ORDER BY may give other rows each time",
        ),
        T(
            "去掉 LIMIT；开多少件由 query.yaml 的 most 管",
            "Remove LIMIT: how many cases are opened is said by most in query.yaml",
        ),
    ),
    "star": (
        T("不能写 SELECT *", "SELECT * is not used"),
        T("把要用的列一一写出来，看得见用了哪些数据", "Name each column, so that one sees what is used"),
    ),
    "cross_join": (
        T(
            "连接“{name}”没有相等条件，行数会成倍增长",
            "“{name}” is joined without an equality, and rows multiply",
        ),
        T(
            "写 JOIN … ON a.列 = b.列（只有 serving 可以用别的条件）",
            "Write JOIN … ON a.column = b.column (only serving may be joined otherwise)",
        ),
    ),
    "column_unknown": (
        T("没有这一列：{problem}", "There is no such column: {problem}"),
        T(
            "核对登记册的字段：./zhuoli register show 登记册",
            "Look at the register's fields: ./zhuoli register show NAME",
        ),
    ),
    "personal_undeclared": (
        T("用了个人信息 {name}，没有写为什么", "It uses the personal field {name} and does not say why"),
        T(
            "在 query.yaml 的 personal 里写 {name}: {{zh: …, en: …}}，或不用它",
            "Write {name}: {{zh: …, en: …}} under personal in query.yaml, or do without it",
        ),
    ),
    "person_subject": (
        T(
            "subject 来自个人信息 {name}：模型不找人",
            "subject comes from the personal field {name}: a model never finds a person",
        ),
        T(
            "用业务编号：车辆档案号、场所编号、单位编号",
            "Use a business number: of the vehicle's file, the premises, the unit",
        ),
    ),
    "special_category": (
        T("“{name}”像是敏感个人信息（{word}）", "“{name}” looks like a special category ({word})"),
        T("不用这样的数据；按地方和需求来找", "Do without it: find by place and need"),
    ),
    "column_missing": (
        T("结果缺少列“{name}”", "The result lacks the column “{name}”"),
        T("在最外层 SELECT 里写 … AS {name}", "Write … AS {name} in the outermost SELECT"),
    ),
    "column_undeclared": (
        T("结果有多余的列“{name}”", "The result has a column “{name}” that is not declared"),
        T("在 evidence 或 answers 里声明它，或删去", "Declare it under evidence or answers, or remove it"),
    ),
}
