# SPDX-License-Identifier: EUPL-1.2
"""Several tables and several editions hold together: what each hides, all together do not give away."""

import json
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pytest

from services.stats import tabset
from services.stats.attacker import Finding, attack
from services.stats.attacker_reading import read
from services.stats.suppression_catalogue import Catalogue, Edition, protect_edition, tabset_of
from services.stats.suppression_model import Budget
from services.stats.tables import Rules, parse_dimensions

UNHURRIED = Budget(1e9, lambda: 0.0)
SIZES = {"ground": 5, "terrain": 4, "district": 3}


def catalogue(*, accumulates: bool = False, dims: Sequence[str] = tuple(SIZES)) -> Catalogue:
    described = {
        name: {"total": f"{name}-all", "atoms": [f"{name}{i}" for i in range(SIZES[name])], "groups": {}}
        for name in dims
    }
    tables = {f"{one}-{other}": (one, other) for one in dims for other in dims if one < other}
    return Catalogue(tuple(parse_dimensions(described).values()), tables, Rules(5, 4, zeros_public=False), accumulates)


def quarters(shape: tuple[int, ...], count: int, reports: int, *, seed: int) -> Iterator[np.ndarray[Any, Any]]:
    """Cumulative counts: each quarter adds its own reports and a few late ones of the quarters before."""
    random = np.random.default_rng(seed)
    chance = random.gamma(0.7, size=shape)
    counts = np.zeros(shape, dtype=np.int64)
    for _ in range(count):
        late = int(random.integers(3, 12))
        counts = counts + random.multinomial(reports + late, (chance / chance.sum()).ravel()).reshape(shape)
        yield counts.copy()


def findings(held: tabset.TabSet) -> list[Finding]:
    return attack(read(json.loads(json.dumps(tabset.render(held)))), seconds=1e9, elapsed=lambda: 0.0)


@pytest.mark.parametrize("seed", [1, 2])
def test_given_three_tables_with_shared_margins_when_protected_then_together_they_give_nothing_away(seed: int) -> None:
    tables = catalogue()
    counts = next(quarters((5, 4, 3), 1, 150, seed=seed))

    edition, found = protect_edition(tables, Edition("q1", "2026-04-14", counts), [], UNHURRIED)

    assert findings(tabset_of(tables, [edition])) == []
    assert found.proven
    small = [cell for table in tabset_of(tables, [edition]).releases[0].tables for cell in table.cells if cell.number]
    assert all(cell.number is None or cell.number >= 5 for cell in small)


def test_given_eight_cumulative_quarters_when_each_is_protected_then_differencing_gives_nothing() -> None:
    tables = catalogue(accumulates=True, dims=("ground", "terrain"))
    editions: list[Edition] = []

    for number, counts in enumerate(quarters((5, 4), 8, 80, seed=3)):
        draft = Edition(f"2026-K{number}", f"2026-{number:02}", counts)
        edition, _ = protect_edition(tables, draft, editions, UNHURRIED)
        editions.append(edition)

    assert findings(tabset_of(tables, editions)) == []
    shown = [cell.number for cell in tabset_of(tables, editions).releases[-1].tables[0].cells]
    assert sum(number is not None for number in shown) > len(shown) / 2


def test_given_a_hidden_cell_when_it_gained_too_little_then_it_stays_hidden() -> None:
    tables = catalogue(dims=("ground", "terrain"))
    counts = np.full((5, 4), 20, dtype=np.int64)
    counts[0, 0] = 3
    first, _ = protect_edition(tables, Edition("q1", "2026-01", counts), [], UNHURRIED)
    little, much = counts.copy(), counts.copy()
    little[0, 0], much[0, 0] = 7, 8

    after_little, _ = protect_edition(tables, Edition("q2", "2026-02", little), [first], UNHURRIED)
    after_much, _ = protect_edition(tables, Edition("q2", "2026-02", much), [first], UNHURRIED)

    assert ("ground0", "terrain0") in after_little.hidden
    assert ("ground0", "terrain0") not in after_much.hidden


def test_given_a_shown_cell_when_it_gained_a_small_count_then_it_is_hidden_though_it_is_large() -> None:
    tables = catalogue(accumulates=True, dims=("ground", "terrain"))
    counts = np.full((5, 4), 40, dtype=np.int64)
    first, _ = protect_edition(tables, Edition("q1", "2026-01", counts), [], UNHURRIED)
    later = counts + 10
    later[2, 2] = 42

    second, _ = protect_edition(tables, Edition("q2", "2026-02", later), [first], UNHURRIED)

    assert not first.hidden
    assert ("ground2", "terrain2") in second.hidden
    assert findings(tabset_of(tables, [first, second])) == []


def test_given_a_total_that_gained_a_small_count_when_protected_then_even_the_total_waits() -> None:
    tables = catalogue(accumulates=True, dims=("ground", "terrain"))
    counts = np.full((5, 4), 40, dtype=np.int64)
    later = counts.copy()
    later[1, 1] += 3
    first, _ = protect_edition(tables, Edition("q1", "2026-01", counts), [], UNHURRIED)

    second, _ = protect_edition(tables, Edition("q2", "2026-02", later), [first], UNHURRIED)

    assert ("ground-all", "terrain-all") in second.hidden
    assert findings(tabset_of(tables, [first, second])) == []


def test_given_a_cell_of_one_partner_when_marked_then_it_is_hidden() -> None:
    tables = catalogue(dims=("ground", "terrain"))
    counts = np.full((5, 4), 40, dtype=np.int64)

    edition, _ = protect_edition(
        tables, Edition("q1", "2026-01", counts), [], UNHURRIED, sensitive={("ground1", "terrain1")}
    )

    assert ("ground1", "terrain1") in edition.hidden
    assert len(edition.hidden) >= 4


def test_given_a_series_that_only_adds_when_a_count_falls_then_it_is_refused() -> None:
    tables = catalogue(accumulates=True, dims=("ground", "terrain"))
    first = Edition("q1", "2026-01", np.full((5, 4), 40, dtype=np.int64))

    with pytest.raises(ValueError, match="fell"):
        protect_edition(tables, Edition("q2", "2026-02", first.counts - 1), [first], UNHURRIED)
