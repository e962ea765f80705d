"""A small register and the ways to fill it."""

from __future__ import annotations

from pathlib import Path

from zhuoli.core.registers import Register, read_registers

NOW = 1_717_200_000_000
"""2024-06-01 08:00 in China."""

TOWNS = """\
format: 1
register: towns
title: {zh: 乡镇, en: Towns}
description: {zh: 一行是一个乡镇, en: One row is one town}
subject: place
purpose: {zh: 测试, en: Tests}
source: {zh: 测试, en: Tests}
fresh_days: 30
primaryKey: code
fields:
  - {name: code, title: {zh: 代码, en: Code}, format: division, constraints: {required: true}}
  - {name: name, title: {zh: 名称, en: Name}, constraints: {required: true, maxLength: 8}}
  - {name: above, title: {zh: 上级, en: Above}, format: division}
foreignKeys:
  - {fields: [above], reference: {resource: towns, fields: [code]}}
"""
VANS = """\
format: 1
register: vans
title: {zh: 车辆, en: Vans}
description: {zh: 一行是一辆车, en: One row is one van}
subject: vehicle_class
purpose: {zh: 测试, en: Tests}
source: {zh: 测试, en: Tests}
fresh_days: 30
primaryKey: van
partition: town
missingValues: ["—"]
fields:
  - {name: van, title: {zh: 档案号, en: File}, type: integer, constraints: {required: true, minimum: 1}}
  - {name: town, title: {zh: 乡镇, en: Town}, format: division, constraints: {required: true}}
  - {name: plate, title: {zh: 号牌, en: Plate}, format: plate, personal: true, purpose: {zh: 核对, en: To tell}, constraints: {unique: true}}
  - {name: owner, title: {zh: 信用代码, en: Credit code}, format: credit_code}
  - {name: due, title: {zh: 检验到期, en: Due}, type: date, constraints: {required: true, minimum: "2000-01-01"}}
  - {name: seats, title: {zh: 座位, en: Seats}, type: integer, constraints: {minimum: 7, maximum: 9}}
  - {name: use, title: {zh: 用途, en: Use}, categories: [{value: hire, label: {zh: 营运, en: For hire}}, {value: own, label: {zh: 自用, en: Own}}]}
  - {name: weight, title: {zh: 吨位, en: Tons}, type: number}
  - {name: valid, title: {zh: 有效, en: Valid}, type: boolean}
foreignKeys:
  - {fields: [town], reference: {resource: towns, fields: [code]}}
deletion: {after_days: 3650, by: due, ground: {zh: 测试, en: Tests}}
"""
TOWN_ROWS = "code,name,above\n620102001000,甲镇,\n620103001000,乙镇,620102001000\n"


def registers(folder: Path) -> dict[str, Register]:
    """Write both descriptors below ``folder`` and read them."""
    place = folder / "registers"
    place.mkdir(exist_ok=True)
    (place / "towns.yaml").write_text(TOWNS, encoding="utf-8")
    (place / "vans.yaml").write_text(VANS, encoding="utf-8")
    found = read_registers(place)
    assert not found.mistakes
    return found.registers
