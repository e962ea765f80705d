"""Every mistake of meaning in a descriptor: code, sentence, remedy. Codes are stable."""

from __future__ import annotations

from zhuoli.core.scenario.catalog import Entry
from zhuoli.core.text import Text

T = Text

CHECKS: dict[str, Entry] = {
    "unknown_format": (
        T("不认识的格式版本 {value}", "Unknown format {value}"),
        T("写 format: {known}", "Write format: {known}"),
    ),
    "register_id_differs": (
        T("register: {written} 与文件名 {file} 不同", "register: {written} differs from its file {file}"),
        T("写 register: {file}，或给文件改名", "Write register: {file}, or rename the file"),
    ),
    "bad_field_name": (
        T("“{name}”不能用作字段名", "“{name}” cannot be used as a field's name"),
        T(
            "用小写字母开头，后接小写字母、数字、下划线，例如 {better}；中文写在 title 里",
            "Begin with a lower-case letter, go on with letters, digits and underscores, such as {better}; Chinese goes into title",
        ),
    ),
    "no_fields": (
        T("没有字段", "There are no fields"),
        T("在 fields 下至少写一个字段", "Write at least one field under fields"),
    ),
    "same_field": (
        T("字段 {name} 写了两次", "The field {name} is written twice"),
        T("改名或删去一个", "Rename one of them, or remove it"),
    ),
    "unknown_field": (
        T("没有字段“{name}”", "There is no field “{name}”"),
        T("{nearest}已有的字段：{allowed}", "{nearest}Fields: {allowed}"),
    ),
    "no_primary_key": (
        T("没有主键", "There is no primary key"),
        T(
            "写 primaryKey: [字段]，否则改过的行认不出来",
            "Write primaryKey: [field]; without it a changed row cannot be known again",
        ),
    ),
    "key_not_required": (
        T("主键字段 {name} 没有写必填", "The key field {name} is not required"),
        T("给它加上 constraints: {{required: true}}", "Give it constraints: {{required: true}}"),
    ),
    "bad_limit": (
        T("{key} 的“{value}”不是{type}", "“{value}” of {key} is no {type}"),
        T("写成{type}，例如 {example}", "Write a {type}, such as {example}"),
    ),
    "limit_not_here": (
        T("{type} 类型的字段不能有 {key}", "A field of type {type} cannot have {key}"),
        T("删去 {key}，或改用 {instead}", "Remove {key}, or use {instead}"),
    ),
    "limits_crossed": (
        T("最小值大于最大值", "The least value is above the greatest"),
        T("把两个值对调", "Exchange the two"),
    ),
    "bad_pattern": (
        T("正则表达式不成立：{problem}", "Not a regular expression: {problem}"),
        T(
            "照 RE2 的写法改；不能用前后查找和反向引用",
            "Write it as RE2 has it: no look-around, no references back",
        ),
    ),
    "format_not_here": (
        T("格式 {format} 只用于 string 类型", "The format {format} is for fields of type string"),
        T("写 type: string，或删去 format", "Write type: string, or remove format"),
    ),
    "categories_not_here": (
        T("取值只用于 string 类型", "Categories are for fields of type string"),
        T("写 type: string，或删去 categories", "Write type: string, or remove categories"),
    ),
    "same_category": (
        T("取值“{value}”写了两次", "The category “{value}” is written twice"),
        T("留下一个", "Keep one of them"),
    ),
    "personal_without_purpose": (
        T("个人信息字段 {name} 没有写为什么需要", "The personal field {name} does not say why it is needed"),
        T(
            "补上 purpose: {{zh: …, en: …}}，或删去这个字段",
            "Add purpose: {{zh: …, en: …}}, or remove the field",
        ),
    ),
    "personal_key": (
        T("个人信息 {name} 不能做主键", "The personal field {name} cannot be part of the key"),
        T(
            "用业务编号做主键；登记册不按人检索",
            "Use a business number as key: registers are not searched by person",
        ),
    ),
    "not_marked_personal": (
        T(
            "{name} 是身份证号，却没有写 personal: true",
            "{name} is an identity number, but not marked personal",
        ),
        T("写 personal: true 和 purpose", "Write personal: true and a purpose"),
    ),
    "special_category": (
        T(
            "字段“{name}”像是敏感个人信息（{word}）：政治、民族、宗教、健康、生物特征不进登记册",
            "The field “{name}” looks like a special category ({word}): politics, ethnicity, religion, health and biometrics stay out of registers",
        ),
        T("删去这个字段；资源按地方和需求分配", "Remove the field; resources go by place and need"),
    ),
    "bad_days": (
        T("天数 {value} 不对", "{value} is no number of days"),
        T("写 1 到 36500 之间的整数", "Write a whole number from 1 to 36500"),
    ),
    "deletion_not_a_date": (
        T("deletion.by 指的 {name} 不是日期字段", "{name}, named by deletion.by, is no date field"),
        T("换成 date 或 datetime 字段", "Name a field of type date or datetime"),
    ),
    "personal_without_deletion": (
        T(
            "有个人信息，却没有写什么时候删除",
            "It has personal fields, but does not say when rows are deleted",
        ),
        T(
            "补上 deletion: {{after_days: …, by: 日期字段, ground: …}}",
            "Add deletion: {{after_days: …, by: a date field, ground: …}}",
        ),
    ),
    "bad_partition": (
        T("不能按字段 {name} 分开存放", "Files cannot be parted after {name}"),
        T(
            "用行政区划（format: division）、日期或有 categories 的字段，而且必填",
            "Use a division (format: division), a date or a field with categories, and make it required",
        ),
    ),
    "unequal_key": (
        T("外键两边的字段数不同", "A foreign key has unequal numbers of fields"),
        T("两边各写同样多的字段", "Write equally many on both sides"),
    ),
    "unknown_register": (
        T("没有登记册“{name}”", "There is no register “{name}”"),
        T("{nearest}已有的登记册：{allowed}", "{nearest}Registers: {allowed}"),
    ),
    "unlike_types": (
        T("外键两边的类型不同：{here} 与 {there}", "A foreign key joins unlike types: {here} and {there}"),
        T("把两边写成同一类型", "Give both the same type"),
    ),
    "reserved_name": (
        T("编号“{name}”保留给软件", "The id “{name}” is kept for the software"),
        T("换一个编号", "Take another id"),
    ),
}
