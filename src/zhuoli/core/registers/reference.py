"""What each key of a descriptor means, in a sentence; schema and page are made from it. A test holds the keys equal."""

from __future__ import annotations

from zhuoli.core.text import Text

T = Text

TITLES: dict[str, Text] = {
    "Register": T("登记册", "A register"),
    "Field": T("字段", "A field"),
    "Category": T("取值", "A category"),
    "Constraints": T("约束", "Constraints"),
    "ForeignKey": T("外键", "A foreign key"),
    "Reference": T("外键指向", "What a foreign key points to"),
    "Deletion": T("删除期限", "Deletion"),
}

KEYS: dict[str, dict[str, Text]] = {
    "Register": {
        "format": T("格式版本，现为 1", "The format's version: 1"),
        "register": T("编号，与文件名相同", "Its id, the same as the file's name"),
        "title": T("登记册名称", "What it is called"),
        "description": T("一行是什么", "What one row is"),
        "subject": T("一行讲的是什么；不能是个人", "What a row is about; never a person"),
        "purpose": T("为什么需要它", "What it is needed for"),
        "source": T("数据从哪里来", "Where the data come from"),
        "fresh_days": T("数据超过多少天就算旧了", "After how many days the data count as old"),
        "fields": T("字段，按次序", "The fields in their order"),
        "primaryKey": T("主键：一个或几个字段", "The primary key: one field or several"),
        "foreignKeys": T("外键", "Foreign keys"),
        "missingValues": T(
            "哪些写法等于没有填（空白总是）", "What stands for “nothing” (a blank always does)"
        ),
        "partition": T("文件按哪个字段分开存放", "The field after which files are parted"),
        "deletion": T("什么时候删除", "When rows are deleted"),
        "fed_by": T("数据由导入而来，还是本系统账本", "Whether rows come from imports or from the ledger"),
    },
    "Field": {
        "name": T("字段名，小写字母", "Its name, in lower-case letters"),
        "title": T("表头，导入时也认", "Its heading, which imports know as well"),
        "type": T("类型", "Its type"),
        "format": T("按哪个标准校验", "The standard by which it is checked"),
        "description": T("说明", "What it means"),
        "constraints": T("约束", "What its values must hold to"),
        "categories": T("可用的取值和名称", "The allowed values and their names"),
        "personal": T("是不是个人信息", "Whether it is personal"),
        "purpose": T("为什么需要这项个人信息", "Why this personal field is needed"),
    },
    "Category": {
        "value": T("存储的值", "The value that is stored"),
        "label": T("名称，导入时也认", "Its name, which imports know as well"),
    },
    "Constraints": {
        "required": T("必填", "Must be filled in"),
        "unique": T("不能重复", "No two rows may have the same"),
        "minimum": T("最小值（数或日期）", "The least value (a number or a date)"),
        "maximum": T("最大值（数或日期）", "The greatest value (a number or a date)"),
        "minLength": T("最少字数", "The least number of characters"),
        "maxLength": T("最多字数", "The greatest number of characters"),
        "pattern": T("整个值要符合的正则表达式", "A regular expression that the whole value must match"),
    },
    "ForeignKey": {
        "fields": T("本登记册的字段", "The fields here"),
        "reference": T("指向", "What they point to"),
    },
    "Reference": {
        "resource": T("登记册编号；空着即本登记册", "The id of the register; empty for this one"),
        "fields": T("那边的字段", "The fields there"),
    },
    "Deletion": {
        "after_days": T("多少天以后删除", "After how many days"),
        "by": T("从哪个日期字段算起", "The date field from which it counts"),
        "ground": T("依据", "The ground"),
    },
}
