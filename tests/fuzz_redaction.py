# SPDX-License-Identifier: EUPL-1.2
"""Fuzzes redaction for as long as asked: no exception, no text that takes long, marks that fit, nothing given left.

    python -m tests.fuzz_redaction --minutes 30

Exit 1 with the seed of the round that failed; the text itself is not printed unless --show is given.
"""

import argparse
import json
import random
import sys
import time
from pathlib import Path
from typing import Final

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from services.anonymizer import words
from services.anonymizer.redaction import redact
from tests.unit.anonymizer.frames import CLEAN_SENTENCES, FULL_FRAMES, GIVEN_FRAMES, LOWER_FRAMES, ORIGINS

SLOWEST: Final = 0.1
"""Processor seconds for 20,000 characters; shorter texts may take as much, since a machine can hiccup."""
RETAKES: Final = 3
"""How often a text that took too long is tried again: what others do on the machine is no fault of it."""
LONGEST: Final = 20_000
EXAMPLES: Final = 400
CORPUS: Final = Path(__file__).parent / "corpus" / "open.jsonl"
LEXICON: Final = words.load()
TEXTS: Final = [json.loads(line)["text"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]
NAMES: Final = [name for origin in ORIGINS.values() for pair in (*origin.listed, *origin.unlisted) for name in pair]
PIECES: Final = (
    *NAMES,
    *(word for text in TEXTS[:80] for word in text.split()),
    *(
        "mevrouw bij op_de straat 12 1234 ab 06 - . : ( ) ' @ nul zes van_der bus lijn om_8:15 de_enige nummer nr "
        "kenteken NL91ABNA0417164300 111222333 geb. mei 1-1-2000 XI [PERSOON-1]"
    )
    .replace("_", " ")
    .split(" "),
    *('"', "\n", "\u200b", "e\u0301", "\u0661", "\u0430", "\u0132", "\u0130", "\u00df", "\x00", "\ud800", "\u738b"),
    *("\u0645\u0631\u062d\u0628\u0627", "\U0001f600"),
)
SENTENCES: Final = [
    *CLEAN_SENTENCES,
    *(frame.replace("{", "").replace("}", "") for frame in FULL_FRAMES + GIVEN_FRAMES + LOWER_FRAMES),
]


def _seconds(text: str, known: tuple[str, ...]) -> float:
    started = time.process_time()
    redact(text, lexicon=LEXICON, known=known)
    return time.process_time() - started


def check(text: str, known: tuple[str, ...], slack: float) -> None:
    """Redact the text and look at what must always hold."""
    bound = slack * SLOWEST * max(1.0, len(text) / LONGEST)
    started = time.process_time()
    done = redact(text, lexicon=LEXICON, known=known)
    taken = time.process_time() - started
    if taken > bound:
        again = min(_seconds(text, known) for _ in range(RETAKES))
        assert again <= bound, f"{len(text)} characters took {again:.2f} s at best"
    at = 0
    pieces = []
    for mark in done.marks:
        assert at <= mark.start < mark.end <= len(text)
        pieces += [text[at : mark.start], mark.placeholder]
        at = mark.end
    assert "".join([*pieces, text[at:]]) == done.text


def repeated(unit: str) -> str:
    """The unit over and over, up to the longest text."""
    return (unit * (LONGEST // max(1, len(unit)) + 1))[:LONGEST]


TEXT: Final = st.one_of(
    st.text(max_size=600),
    st.lists(st.sampled_from(PIECES), max_size=60).map(" ".join),
    st.lists(st.sampled_from(PIECES), max_size=60).map("".join),
    st.lists(st.sampled_from([*TEXTS, *SENTENCES]), min_size=1, max_size=6).map("\n".join),
    st.tuples(st.sampled_from(TEXTS), st.integers(0, 400), st.text(max_size=20)).map(
        lambda drawn: drawn[0][: drawn[1]] + drawn[2] + drawn[0][drawn[1] :]
    ),
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=4).map(lambda found: repeated(" ".join(found) + " ")),
    st.text(min_size=1, max_size=6).map(repeated),
)


def fuzz_round(number: int, shown: list[str], slack: float) -> None:
    """One round of examples drawn from its own seed."""

    @seed(number)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(text=TEXT, known=st.lists(st.sampled_from(NAMES), max_size=2).map(tuple))
    def examples(text: str, known: tuple[str, ...]) -> None:
        shown[:] = [text]
        check(text, known, slack)

    examples()


def main() -> None:
    """Fuzz until the time is up."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30.0)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 30))
    parser.add_argument(
        "--slack", type=float, default=1.0, help="how many times slower this machine is than a quiet one"
    )
    parser.add_argument("--show", action="store_true", help="print the text that failed")
    arguments = parser.parse_args()
    until = time.monotonic() + 60 * arguments.minutes
    rounds, shown = 0, [""]
    while time.monotonic() < until:
        try:
            fuzz_round(arguments.seed + rounds, shown, arguments.slack)
        except Exception as failed:  # noqa: BLE001 - whatever goes wrong is what is looked for
            why = f": {failed}" if isinstance(failed, AssertionError) else ""  # other errors may quote the text
            sys.stderr.write(f"seed {arguments.seed + rounds}: {type(failed).__name__}{why}\n")
            if arguments.show:
                sys.stderr.write(json.dumps(shown[0])[:4_000] + "\n")
            sys.exit(1)
        rounds += 1
    sys.stdout.write(f"{rounds * EXAMPLES} texts from seed {arguments.seed}, nothing found\n")


if __name__ == "__main__":
    main()
