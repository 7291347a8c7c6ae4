# SPDX-License-Identifier: EUPL-1.2
"""The noise on open figures: its exact moments, its limits, and that no other way of asking changes it."""

import hashlib
import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.stats import cell_key
from services.stats.cell_key import KEYS, MOST_NOISE, VARIANCE, bounds, lookup_table, perturb


@pytest.mark.parametrize("count", range(1, 9))
def test_given_any_count_when_all_keys_are_weighed_then_the_noise_is_unbiased_with_its_variance(count: int) -> None:
    row = lookup_table()[count]

    weights, noise = [int(w) for w in row.weights], [int(v) for v in row.noise]

    assert sum(weights) == KEYS
    assert min(weights) > 0
    assert sum(w * v for w, v in zip(weights, noise, strict=True)) == 0
    assert sum(w * v * v for w, v in zip(weights, noise, strict=True)) == VARIANCE * KEYS


def test_given_the_table_when_it_is_built_then_it_is_the_one_that_figures_were_published_with() -> None:
    text = ";".join(f"{row.noise.tolist()}{row.weights.tolist()}" for row in lookup_table())

    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "2ca435fc7a8a7a20"


@given(count=st.integers(0, 2_000), key=st.integers(0, KEYS - 1))
def test_given_any_cell_when_perturbed_then_it_is_near_and_never_one_or_two(count: int, key: int) -> None:
    shown = perturb(count, key)

    low, high = bounds(shown)
    assert abs(shown - count) <= MOST_NOISE
    assert shown not in (1, 2)
    assert low <= count <= high
    assert (shown == 0) or count > 0


@pytest.mark.parametrize("key", [0, 1, KEYS // 2, KEYS - 1])
def test_given_no_cases_when_perturbed_then_nothing_is_shown(key: int) -> None:
    assert perturb(0, key) == 0


def test_given_every_open_figure_when_read_back_then_no_small_count_is_certain() -> None:
    possible: dict[int, set[int]] = {}
    for count in range(40):
        row = lookup_table()[min(count, len(lookup_table()) - 1)]
        for noise in row.noise.tolist():
            possible.setdefault(count + noise, set()).add(count)

    assert all(len(counts) >= 5 for shown, counts in possible.items() if shown < 40 - MOST_NOISE)


def test_given_a_thousand_ways_to_ask_when_the_cases_are_the_same_then_so_is_the_figure() -> None:
    chance = random.Random(7)
    record_keys = [chance.randrange(KEYS) for _ in range(57)]
    figures = set()

    for _ in range(1_000):
        chance.shuffle(record_keys)
        cut = sorted(chance.sample(range(len(record_keys)), 3))
        parts = [record_keys[a:b] for a, b in itertools.pairwise([0, *cut, len(record_keys)])]
        figures.add(perturb(len(record_keys), cell_key.cell_key(map(cell_key.cell_key, parts))))

    assert len(figures) == 1


@pytest.mark.parametrize(("count", "key"), [(-1, 0), (3, -1), (3, KEYS)])
def test_given_what_is_no_count_or_key_when_perturbed_then_it_is_refused(count: int, key: int) -> None:
    with pytest.raises(ValueError, match="at least 0"):
        perturb(count, key)


@pytest.mark.parametrize(("limit", "value"), [("VARIANCE", MOST_NOISE**2 + 1), ("NUDGE", 0)])
def test_given_moments_that_no_noise_has_when_a_table_is_made_then_there_is_none_instead_of_a_biased_one(
    monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(cell_key, limit, value)

    with pytest.raises(ArithmeticError, match="these moments"):
        lookup_table.__wrapped__()
