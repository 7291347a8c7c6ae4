# SPDX-License-Identifier: EUPL-1.2
"""Releases that share days, protected together: what each hides, all together do not give away."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from services.stats import cell_key, joint, tabset
from services.stats.attacker import Finding, attack
from services.stats.attacker_reading import read
from services.stats.catalogues import TOTAL, Catalogue, CountSpec, dimensions_of
from services.stats.joint import Protected, protect_count
from services.stats.releases import FrozenCount, Member
from services.stats.segments import Bound, Earlier
from services.stats.suppression_model import BoolArray, Budget, System
from shared.errors import Conflict

UNHURRIED = Budget(1e9, lambda: 0.0)
ORDER = {"terrein": ("onderwijs", "buurt-wijk", "sport-recreatie"), "aard": ("een", "twee", "drie")}
COUNT = CountSpec("signaal", "Signalen", ("signaal",), (("terrein", "aard"),), dominance=0.9)
CATALOGUE = Catalogue(5, 4, 14, (COUNT,), "test")
Case = tuple[int, str, str, str]
"""A number, a terrain, a nature, who sent it."""


def cases(counts: Sequence[Sequence[int]], *, start: int = 0, source: str = "") -> list[Case]:
    """As many cases per terrain and nature as told, each from another source unless one is named."""
    made: list[Case] = []
    for terrain, row in zip(ORDER["terrein"], counts, strict=True):
        for nature, number in zip(ORDER["aard"], row, strict=True):
            made += [(start + len(made) + n, terrain, nature, source or f"source-{n % 9}") for n in range(number)]
    return made


def protected(
    now: Iterable[Case],
    earlier: Sequence[tuple[Sequence[Case], Protected]] = (),
    *,
    count: CountSpec = COUNT,
    is_open: bool = False,
) -> Protected:
    """The cases protected together with earlier releases of the same days."""
    now = list(now)
    bound = Bound(
        count, CATALOGUE, dimensions_of(count, ORDER), frozen(now),
        tuple(Earlier(f"r{i}", frozen(before), held.printed) for i, (before, held) in enumerate(earlier)),
        frozenset(frozenset(range(start, len(earlier) + 1)) for start in range(len(earlier) + 1)),
        is_open=is_open,
    )  # fmt: skip
    return protect_count(bound, UNHURRIED, as_of="2026-12-31")


def frozen(some: Iterable[Case]) -> FrozenCount:
    return FrozenCount(
        ("terrein", "aard"),
        tuple(
            sorted(
                Member(f"case-{n}", (terrain, nature), source, n * 2_654_435_761 % 2**32)
                for n, terrain, nature, source in some
            )
        ),
    )


def findings(held: Protected) -> list[Finding]:
    """What the attacker makes of everything a reader holds after this release."""
    found = []
    for publication in held.publications:
        whole = tabset.TabSet(held.dimensions, CATALOGUE.rules, (publication,))
        printed = json.loads(json.dumps(tabset.render(whole)))
        found += attack(read(printed), seconds=1e9, elapsed=lambda: 0.0)
    return found


LARGE = [[30, 20, 40], [25, 35, 15], [20, 45, 30]]


def test_given_eight_cumulative_releases_with_late_reports_when_protected_then_differencing_gives_nothing() -> None:
    random = np.random.default_rng(4)
    known: list[Case] = []
    released: list[tuple[list[Case], Protected]] = []

    for _ in range(8):
        late = random.multinomial(int(random.integers(2, 9)), np.full(9, 1 / 9))
        fresh = random.multinomial(40, random.dirichlet(np.full(9, 2.0)))
        known = [*known, *cases((late + fresh).reshape(3, 3).tolist(), start=len(known))]
        released.append((known, protected(known, released)))
        assert findings(released[-1][1]) == []

    shown = [sum(number is not None for number in held.printed.cells.values()) for _, held in released]
    assert min(shown) > 0


@pytest.mark.parametrize(("more", "stays"), [(0, True), (4, True), (5, False), (9, False)])
def test_given_a_hidden_cell_when_it_grew_then_it_stays_hidden_until_it_grew_by_the_threshold(
    more: int, stays: bool
) -> None:
    first = cases([[3, 20, 40], *LARGE[1:]])
    then = [*first, *cases([[more, 9, 9], [9, 9, 9], [9, 9, 9]], start=1_000)]
    before = protected(first)

    after = protected(then, [(first, before)])

    assert before.printed.cells["onderwijs", "een"] is None
    assert (after.printed.cells["onderwijs", "een"] is None) is stays
    assert findings(after) == []


def test_given_a_hidden_cell_of_other_days_when_released_then_it_binds_nothing() -> None:
    first = cases([[3, 20, 40], *LARGE[1:]])
    before = protected(first)
    other = cases([[7, 20, 40], *LARGE[1:]], start=5_000)
    bound = Bound(
        COUNT, CATALOGUE, dimensions_of(COUNT, ORDER), frozen(other),
        (Earlier("r0", frozen(first), before.printed),), frozenset({frozenset({0}), frozenset({1})}),
    )  # fmt: skip

    after = protect_count(bound, UNHURRIED, as_of="2026-12-31")

    assert after.printed.cells["onderwijs", "een"] == 7


def test_given_a_shown_cell_when_it_grew_a_little_then_it_is_hidden_though_it_is_large() -> None:
    first = cases(LARGE)
    before = protected(first)

    after = protected([*first, *cases([[0, 2, 0], [9, 0, 9], [0, 9, 9]], start=1_000)], [(first, before)])

    assert before.printed.cells["onderwijs", "twee"] == 20
    assert after.printed.cells["onderwijs", "twee"] is None
    assert findings(after) == []


def test_given_a_release_that_changed_by_one_case_when_protected_then_its_totals_do_not_tell() -> None:
    first = cases(LARGE)
    before = protected(first)

    after = protected([*first, (999, "onderwijs", "een", "source-1")], [(first, before)])

    assert after.printed.cells[TOTAL, TOTAL] is None
    assert findings(after) == []


@pytest.mark.parametrize(("others", "hidden"), [(2, True), (3, False)])
def test_given_nine_tenths_from_one_source_when_protected_then_that_cell_is_hidden(others: int, hidden: bool) -> None:
    one = cases([[18, 0, 0], [0, 0, 0], [0, 0, 0]], source="source-big")
    more = cases([[others, 40, 40], *LARGE[1:]], start=100)

    held = protected([*one, *more])
    without = protected([*one, *more], count=replace(COUNT, dominance=None))

    assert (held.printed.cells["onderwijs", "een"] is None) is hidden
    assert without.printed.cells["onderwijs", "een"] == 18 + others


def test_given_hardly_any_cases_when_protected_then_even_the_total_is_hidden() -> None:
    held = protected(cases([[2, 0, 0], [0, 1, 0], [0, 0, 0]]))

    assert held.printed.cells[TOTAL, TOTAL] is None
    assert not any(held.printed.cells.values())
    assert findings(held) == []


def test_given_other_dimensions_than_before_when_protected_then_it_is_refused() -> None:
    first = cases(LARGE)
    held = protected(first)
    changed = Earlier("r0", replace(frozen(first), names=("terrein",)), held.printed)

    with pytest.raises(Conflict) as refused:
        protect_count(
            Bound(COUNT, CATALOGUE, dimensions_of(COUNT, ORDER), frozen(first), (changed,), frozenset()),
            UNHURRIED, as_of="2026-12-31",
        )  # fmt: skip

    assert refused.value.code == "catalogue_changed"


def test_given_a_case_with_a_code_that_left_the_lists_when_protected_then_it_is_refused() -> None:
    gone = [*cases(LARGE), (999, "onderwijs", "vier", "source-1")]

    with pytest.raises(Conflict) as refused:
        protected(gone)

    assert refused.value.code == "catalogue_changed"


def marked(system: System, pattern: BoolArray, *, shown: bool) -> BoolArray:
    """One cell of the new table: its first hidden one, or its shown total."""
    found = np.zeros(system.size, dtype=np.bool_)
    found[np.flatnonzero(system.shown if shown else pattern & (system.cost > 0) & (system.needs == 0))[:1]] = True
    return found


def test_given_a_cell_that_stays_known_too_closely_when_protected_then_it_ends_and_what_comes_out_is_safe(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[BoolArray] = []

    def always(system: System, pattern: BoolArray, budget: Budget, **_: object) -> BoolArray:
        asked.append(asked[0] if asked else marked(system, pattern, shown=False))
        return asked[-1]

    monkeypatch.setattr(joint, "narrow_company", always)
    held = protected(cases([[3, 20, 40], *LARGE[1:]]))

    assert len(asked) == joint.ROUNDS
    assert asked[0].any()
    assert findings(held) == []
    assert held.printed.cells["onderwijs", "een"] is None


def test_given_a_cell_that_cannot_be_made_wider_when_protected_then_what_was_found_before_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    some = cases([[3, 20, 40], *LARGE[1:]])
    before = protected(some)

    asked: list[BoolArray] = []

    def the_total(system: System, pattern: BoolArray, budget: Budget, **_: object) -> BoolArray:
        asked.append(asked[0] if asked else marked(system, pattern, shown=True))
        return asked[-1]

    monkeypatch.setattr(joint, "narrow_company", the_total)
    after = protected(some)

    assert after.printed == before.printed
    assert findings(after) == []


def with_open_figures(held: Protected, some: Sequence[Case]) -> Protected:
    """The same print for a reader who asks for the open figure of every hidden cell."""
    members = frozen(some).members

    def known(cell: tabset.Published) -> tabset.Published:
        if cell.number is not None:
            return cell
        keys = [
            one.record_key for one in members
            if all(node in (TOTAL, code) for (_, node), code in zip(cell.at, one.place, strict=True))
        ]  # fmt: skip
        low, high = cell_key.bounds(cell_key.perturb(len(keys), cell_key.cell_key(keys)))
        return replace(cell, low=low, high=high)

    return replace(held, publications=tuple(
        replace(one, tables=tuple(replace(t, cells=tuple(map(known, t.cells))) for t in one.tables))
        for one in held.publications
    ))  # fmt: skip


def test_given_open_figures_of_the_same_cases_when_held_beside_the_tables_then_nothing_is_narrower() -> None:
    leaks = 0

    for seed in range(8):
        random = np.random.default_rng(seed)
        some = cases(random.multinomial(60, random.dirichlet(np.full(9, 0.7))).reshape(3, 3).tolist())
        alone, both = protected(some), protected(some, is_open=True)
        leaks += bool(findings(with_open_figures(alone, some)))
        assert findings(both) == []
        assert findings(with_open_figures(both, some)) == []
        spans = [cell for one in both.publications for t in one.tables for cell in t.cells if cell.low is not None]
        assert all(cell.number is None for cell in spans)

    assert leaks  # a protection that does not know of open figures would not do
