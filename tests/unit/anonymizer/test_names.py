# SPDX-License-Identifier: EUPL-1.2
"""Names in generated sentences: floors per frame and per origin, listed or not, and sentences nobody stands in."""

from collections import defaultdict

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact
from tests.unit.anonymizer.frames import CLEAN_SENTENCES, ORIGINS, Case, cases, left_over

WIDEST_GAP = {False: 0.04, True: 0.12}
"""How much more the worst origin may leak than all together; lower case is harder for unlisted names."""
MOST_LEFT = {(False, True): 0.01, (False, False): 0.01, (True, True): 0.04, (True, False): 0.03}
"""Share of generated sentences that may leave a name, by (lower case, listed)."""
MOST_PER_FRAME = 0.25


def _misses(lexicon: Lexicon, *, lower: bool) -> list[tuple[Case, bool]]:
    return [(case, bool(left_over(case.names, redact(case.text, lexicon=lexicon).text))) for case in cases(lower=lower)]


@pytest.fixture(scope="module", params=[False, True], ids=["capitals", "lower case"])
def judged(request: pytest.FixtureRequest, lexicon: Lexicon) -> tuple[bool, list[tuple[Case, bool]]]:
    return request.param, _misses(lexicon, lower=request.param)


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "unlisted"])
def test_given_generated_sentences_when_redacted_then_few_names_are_left(
    judged: tuple[bool, list[tuple[Case, bool]]], listed: bool
) -> None:
    lower, results = judged
    missed = [miss for case, miss in results if case.listed == listed]

    assert sum(missed) / len(missed) <= MOST_LEFT[lower, listed]


def test_given_every_frame_when_filled_then_none_loses_most_names(judged: tuple[bool, list[tuple[Case, bool]]]) -> None:
    per_frame: dict[str, list[bool]] = defaultdict(list)
    for case, miss in judged[1]:
        per_frame[case.frame].append(miss)

    assert {frame for frame, missed in per_frame.items() if sum(missed) / len(missed) > MOST_PER_FRAME} == set()


def test_given_all_origins_when_redacted_then_none_is_much_worse_off(
    judged: tuple[bool, list[tuple[Case, bool]]],
) -> None:
    lower, results = judged
    overall = sum(miss for _, miss in results) / len(results)
    shares = {}
    for origin in ORIGINS:
        missed = [miss for case, miss in results if case.origin == origin]
        shares[origin] = sum(missed) / len(missed)

    assert {origin: share for origin, share in shares.items() if share - overall > WIDEST_GAP[lower]} == {}


def test_given_sentences_nobody_stands_in_when_redacted_then_nearly_all_are_untouched(lexicon: Lexicon) -> None:
    touched = [sentence for sentence in CLEAN_SENTENCES if redact(sentence, lexicon=lexicon).marks]

    assert len(touched) <= len(CLEAN_SENTENCES) // 20
