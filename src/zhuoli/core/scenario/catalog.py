"""Every mistake that reading a folder can find: its code, its sentence and its remedy.

Codes are stable: programs and tests rely on them. A code never changes its meaning; a new kind of mistake
gets a new code. The mistakes that the checker finds are in ``check/catalog.py``.
"""

from __future__ import annotations

from difflib import get_close_matches

from zhuoli.core.text import Mistake, Text

Entry = tuple[Text, Text]
Place = tuple[str, int, int]

READING: dict[str, Entry] = {
    "no_folder": (
        Text("没有这个文件夹：{path}", "There is no such folder: {path}"),
        Text("检查路径，或用 --shelf 指定场景架", "Check the path, or name the shelf with --shelf"),
    ),
    "missing_file": (
        Text("缺少文件 {name}", "The file {name} is missing"),
        Text("{what}", "{what}"),
    ),
    "life_missing": (
        Text("没有共用的办理过程“{name}”", "There is no shared life cycle “{name}”"),
        Text(
            "把它放在场景架的 {folder}/{name}/ 里，或删去 life 自己写全",
            "Put it into {folder}/{name}/ on the shelf, or remove life and write everything here",
        ),
    ),
    "unknown_file": (
        Text("不认识的文件 {name}", "Unknown file {name}"),
        Text(
            "场景文件夹里只放：{allowed}；别的文件请移走",
            "A scenario folder holds only: {allowed}; move other files away",
        ),
    ),
    "unknown_choices": (
        Text("没有选项“{name}”可以取用", "There are no choices “{name}” to take"),
        Text(
            "{nearest}写成“表单.问题”；有选项的问题：{allowed}",
            "{nearest}Write form.question; questions with choices: {allowed}",
        ),
    ),
    "choices_twice": (
        Text("选项写了两处", "The choices are given twice"),
        Text("choices 和 choices_from 只留一个", "Keep either choices or choices_from"),
    ),
    "file_too_large": (
        Text("文件过大（{size} 字节）", "The file is too large ({size} bytes)"),
        Text(
            "每个文件不超过 {limit} 字节；数据请放到登记册里，不放进场景",
            "Keep each file under {limit} bytes; data belongs in a register, not in a scenario",
        ),
    ),
    "not_utf8": (
        Text("文件不是 UTF-8 编码", "The file is not UTF-8"),
        Text(
            "用 UTF-8 另存一次（在 Excel 中选“CSV UTF-8”）",
            "Save it again as UTF-8 (in Excel choose “CSV UTF-8”)",
        ),
    ),
    "yaml_syntax": (
        Text("这里不符合 YAML 写法：{problem}", "This is not valid YAML: {problem}"),
        Text("{hint}", "{hint}"),
    ),
    "yaml_empty": (
        Text("文件是空的", "The file is empty"),
        Text("至少写出必填项：{required}", "Write at least the mandatory keys: {required}"),
    ),
    "yaml_anchor": (
        Text("不能使用 YAML 锚点或引用（{found}）", "YAML anchors and aliases are not used here ({found})"),
        Text(
            "把内容再写一遍；以 & 或 * 开头的文字请加引号",
            "Write the content out again; put quotes around text that begins with & or *",
        ),
    ),
    "yaml_tag": (
        Text("不能使用 YAML 标签（{found}）", "YAML tags are not used here ({found})"),
        Text(
            "删去标签；以 ! 开头的文字请加引号", "Remove the tag; put quotes around text that begins with !"
        ),
    ),
    "duplicate_key": (
        Text("“{key}”写了两次", "“{key}” is written twice"),
        Text("第 {first} 行已经有了，留下一个", "It is already on line {first}; keep one of them"),
    ),
    "key_not_text": (
        Text("键必须是一个词", "A key must be a single word"),
        Text("把键写成一个词，后面跟冒号和空格", "Write the key as one word, then a colon and a space"),
    ),
    "unknown_key": (
        Text("“{key}”不是{where}的键", "“{key}” is not a key of {where}"),
        Text("{nearest}可用的键：{allowed}", "{nearest}Keys allowed here: {allowed}"),
    ),
    "comma_in_text": (
        Text(
            "“{key}”被当成了一个键，多半是文字里有逗号", "“{key}” was read as a key: the text holds a comma"
        ),
        Text("把整段文字放在引号里", "Put the whole text in quotes"),
    ),
    "missing_key": (
        Text("{where}缺少“{key}”", "{where} lacks “{key}”"),
        Text("补上一行：{line}", "Add a line: {line}"),
    ),
    "missing_translation": (
        Text("缺少{language}", "The {language} text is missing"),
        Text("两种文字都要写：{{zh: 中文, en: English}}", "Write both: {{zh: 中文, en: English}}"),
    ),
    "not_text": (
        Text("这里要写中英两种文字", "A text in both languages belongs here"),
        Text("写成 {{zh: {zh}, en: {en}}}", "Write {{zh: {zh}, en: {en}}}"),
    ),
    "empty_value": (
        Text("“{key}”后面没有内容", "Nothing follows “{key}”"),
        Text("写上内容，或删去这一行", "Write a value, or remove the line"),
    ),
    "unknown_value": (
        Text("“{value}”不是可用的值", "“{value}” is not a value that can be used here"),
        Text("{nearest}可用的值：{allowed}", "{nearest}Values allowed here: {allowed}"),
    ),
    "person_subject": (
        Text("“{value}”：讲的、找的不能是个人", "“{value}”: neither a register nor a model is about persons"),
        Text(
            "写那件事所在的地方、单位、岗位或事项：{allowed}",
            "Write the place, organisation, post or case that it is about: {allowed}",
        ),
    ),
    "not_true_false": (
        Text("“{value}”不是 true 或 false", "“{value}” is neither true nor false"),
        Text("写 {better}", "Write {better}"),
    ),
    "not_an_integer": (
        Text("“{value}”不是整数", "“{value}” is not a whole number"),
        Text(
            "用半角数字写，不加引号，例如 3",
            "Write it in plain digits without quotes, such as 3",
        ),
    ),
    "not_a_word": (
        Text(
            "“{key}”这里要写一段文字，不是列表或映射", "“{key}” takes a single value, not a list or a mapping"
        ),
        Text("写成 {key}: …", "Write {key}: …"),
    ),
    "not_a_list": (
        Text("“{key}”这里要写列表", "“{key}” takes a list"),
        Text("写成 {key}: [{value}]", "Write {key}: [{value}]"),
    ),
    "not_a_mapping": (
        Text("“{key}”这里要写“键: 值”", "“{key}” takes keys and values"),
        Text("写成 {key}: {{ {example} }}", "Write {key}: {{ {example} }}"),
    ),
    "too_deep": (
        Text("这里嵌套得太深", "This is nested too deeply"),
        Text("最多 {limit} 层", "Use at most {limit} levels"),
    ),
    "bad_id": (
        Text("“{key}”不能用作编号", "“{key}” cannot be used as an id"),
        Text(
            "用小写字母（或汉字）开头，后接小写字母、数字、下划线，例如 {better}",
            "Begin with a lower-case letter (or a Chinese character), go on with letters, digits and "
            "underscores, such as {better}",
        ),
    ),
    "id_differs": (
        Text(
            "scenario: {written} 与文件夹名 {folder} 不同",
            "scenario: {written} differs from its folder {folder}",
        ),
        Text("写 scenario: {folder}，或给文件夹改名", "Write scenario: {folder}, or rename the folder"),
    ),
    "unknown_format": (
        Text("不认识的格式版本 {value}", "Unknown format {value}"),
        Text("写 format: {known}", "Write format: {known}"),
    ),
    "notice_heading": (
        Text("通知的第一行要写标题", "A notice begins with its title"),
        Text("第一行写：# 中文标题 | English title", "Write as the first line: # 中文标题 | English title"),
    ),
    "notice_english": (
        Text("通知缺少英文部分", "The notice lacks its English part"),
        Text(
            "中文正文之后单独一行写 ---en---，再写英文正文",
            "After the Chinese body write a line ---en---, then the English body",
        ),
    ),
    "notice_empty": (
        Text("通知的{language}正文是空的", "The {language} body of the notice is empty"),
        Text("写上正文", "Write the body"),
    ),
}

LANGUAGES: dict[str, Text] = {"zh": Text("中文", "Chinese"), "en": Text("英文", "English")}


def mistake(code: str, place: Place = ("", 0, 0), **values: object) -> Mistake:
    """Make the mistake ``code`` at ``place`` (file, line, column); ``values`` fill the sentences.

    Raises:
        KeyError: no such code, or a place in its sentences is not filled (a fault of ours, not the author's).
    """
    return from_entry(code, READING[code], place, values)


def from_entry(code: str, entry: Entry, place: Place, values: dict[str, object]) -> Mistake:
    """Fill the sentences of a catalogue's entry."""
    file, line, column = place
    return Mistake(
        code=code,
        message=entry[0].format(**values),
        remedy=entry[1].format(**values),
        file=file,
        line=line,
        column=column,
    )


def did_you_mean(word: str, allowed: list[str]) -> Text:
    """“Did you mean x?” with a blank after it, or nothing when no allowed word is near."""
    near = nearest(word, allowed)
    return Text(f"是不是“{near}”？", f"Did you mean “{near}”? ") if near else Text("", "")


def nearest(word: str, allowed: list[str]) -> str:
    """The allowed word most like ``word``, or nothing."""
    close = get_close_matches(word.lower(), allowed, n=1, cutoff=0.6)
    return close[0] if close else ""
