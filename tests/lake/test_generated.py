"""Generated registers: the cited county facts hold, the same seed gives the same rows, and they are marked."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from zhuoli.core.registers import read_registers
from zhuoli.environment import ROOT
from zhuoli.lake.folder import RegisterFolder
from zhuoli.lake.generated import ORDER, generate
from zhuoli.lake.generated_posts import NEW
from zhuoli.lake.reading import connect
from zhuoli.places.coverage import REPORTED_SHARE, REPORTED_VILLAGES, TOTAL, quotas

from .helpers import NOW

REGISTERS = read_registers(ROOT / "registers").registers


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("lake")
    made = {one.register: one.accepted for one in generate(place, REGISTERS, seed=3, now=NOW)}
    assert tuple(made) == ORDER
    assert made["divisions"] == 19_224
    assert made["villages"] == 2_211 + 15_507
    return place


def asked(lake: Path, sql: str) -> Any:
    return connect(lake, REGISTERS.values(), threads=1).sql(sql).fetchall()


def test_the_reported_facts_of_posts_hold(lake: Path) -> None:
    [(posts, new)] = asked(
        lake, "SELECT count(*), count(*) FILTER (since >= DATE '2023-01-01') FROM auxiliary_posts"
    )
    assert (posts, new) == (TOTAL, NEW)
    assert round(100 * posts / REPORTED_VILLAGES) == REPORTED_SHARE
    shares = asked(
        lake,
        "SELECT v.county, count(*) AS villages, count(post) AS posts FROM villages v LEFT JOIN auxiliary_posts p "
        "ON p.village = v.code WHERE v.level = 'village' GROUP BY v.county",
    )
    complete = [county for county, villages, with_post in shares if villages == with_post]
    assert len(complete) == 14
    assert sum(county.startswith("6201") for county in complete) == 3
    lanzhou = [(villages, with_post) for county, villages, with_post in shares if county.startswith("6201")]
    assert round(100 * sum(b for _, b in lanzhou) / sum(a for a, _ in lanzhou)) == 77
    for city in ("6202", "6203", "6206"):
        some = [(a, b) for county, a, b in shares if county.startswith(city)]
        assert sum(b for _, b in some) >= 0.8 * sum(a for a, _ in some)


@pytest.mark.parametrize("seed", range(20))
def test_quotas_sum_up_for_every_seed(seed: int) -> None:
    rng = random.Random(seed)
    sizes = {
        f"62{city:02d}{county:02d}": rng.randint(120, 230) for city in range(1, 15) for county in range(1, 7)
    }
    sizes["620299"] = 15
    if sum(sizes.values()) < TOTAL + 2_000:
        pytest.skip("too few villages for this many posts")
    found = quotas(sizes, rng)
    assert sum(found.values()) == TOTAL
    assert all(0 <= found[county] <= sizes[county] for county in sizes)


def test_rows_are_of_province_size_and_marked(lake: Path) -> None:
    assert asked(lake, "SELECT count(*) FROM vans")[0][0] == 48_000
    for name in ORDER:
        state = RegisterFolder(lake, name).state()
        assert state is not None
        assert state.rows > 1_000
        assert state.origin == ("imported" if name in ("divisions", "villages") else "generated")


def test_the_same_seed_gives_the_same_rows(lake: Path, tmp_path: Path) -> None:
    only = ("divisions", "operators", "vans")
    for _ in generate(tmp_path, REGISTERS, seed=3, now=NOW, only=only):
        pass
    whole = "SELECT md5(string_agg(v::VARCHAR, '' ORDER BY vehicle)) FROM vans v"
    assert asked(tmp_path, whole) == asked(lake, whole)
