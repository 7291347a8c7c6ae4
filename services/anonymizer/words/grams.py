# SPDX-License-Identifier: EUPL-1.2
"""Learns which groups of letters tell a name from a word, for `lexicon.bin`. Never runs in the product."""

import random
from collections.abc import Iterator, Sequence

from services.anonymizer import lexicon as lex

KEPT_GRAMS = 24_000


def misspelt(word: str, dice: random.Random) -> str:
    """The word with one slip of the pen."""
    if len(word) < 4:
        return word
    at = dice.randrange(1, len(word) - 1)
    return dice.choice(
        (
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        )
    )


def letter_groups(word: str) -> Iterator[str]:
    """The 2-, 3- and 4-letter groups of a word with its borders."""
    padded = f"^{word[:24]}$"
    for width in (2, 3, 4):
        for start in range(len(padded) - width + 1):
            yield padded[start : start + width]


def train(
    names: Sequence[str], words: Sequence[str], frequent: Sequence[str]
) -> tuple[dict[str, int], int, dict[str, float]]:
    """Weights that tell names from words, their bias, and how well they do on words held apart."""
    dice = random.Random(20260101)  # noqa: S311 - a repeatable draw, no secret
    others = [*dice.sample(words, len(names)), *frequent, *(misspelt(word, dice) for word in frequent)]
    samples = [(word, 1) for word in names] + [(word, 0) for word in others]
    dice.shuffle(samples)
    held = samples[: len(samples) // 10]
    weights: dict[str, float] = {}
    bias = 0.0
    for epoch in range(6):
        rate = 0.3 / (1 + epoch)
        for word, label in samples[len(held) :]:
            groups = list(letter_groups(word))
            score = bias + sum(weights.get(group, 0.0) for group in groups)
            step = rate * (label - 1 / (1 + 2.718281828 ** -max(-30.0, min(30.0, score)))) / len(groups) ** 0.5
            bias += step * 0.1
            for group in groups:
                weights[group] = weights.get(group, 0.0) * (1 - 1e-5) + step
    kept = sorted(weights, key=lambda group: (-abs(weights[group]), group))[:KEPT_GRAMS]
    grams = {group: max(-127, min(127, round(weights[group] * 16))) for group in sorted(kept)}
    return (
        grams,
        round(bias * 16),
        judged({group: weight for group, weight in grams.items() if weight}, round(bias * 16), held),
    )


def judged(grams: dict[str, int], bias: int, held: list[tuple[str, int]]) -> dict[str, float]:
    """Share of held-apart names and words that fall on the right side of the border."""
    table = lex.Lexicon(flags={}, languages={}, phrases={}, grams=grams, bias=bias)
    hits = {0: [0, 0], 1: [0, 0]}
    for word, label in held:
        hits[label][0] += (table.name_score(word) > lex.LIKELY_NAME) == bool(label)
        hits[label][1] += 1
    return {"names right": round(hits[1][0] / hits[1][1], 4), "words right": round(hits[0][0] / hits[0][1], 4)}
