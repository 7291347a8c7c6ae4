# SPDX-License-Identifier: EUPL-1.2
"""Writes `docs/redaction-figures.md`: what redaction leaks and loses on the project's own texts, with 95% intervals.

python -m tests.redaction_table
"""

import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from services.anonymizer import words
from services.anonymizer.lexicon import Lexicon
from services.anonymizer.localities import local_words
from services.anonymizer.redaction import redact
from services.anonymizer.score_table import lines
from services.anonymizer.scoring import Labelled, Tally, interval, score
from shared import municipalities
from tests.unit.anonymizer.frames import CLEAN_SENTENCES, cases, left_over

ROOT: Final = Path(__file__).parents[1]
CORPUS: Final = ROOT / "tests" / "corpus"
OUTPUT: Final = ROOT / "docs" / "redaction-figures.md"
PARTS: Final = (
    (
        "unread_ordinary",
        "Unread, ordinary reports",
        "Seven writers who knew neither rules nor lists; nobody looked at what goes wrong in these texts.",
    ),
    (
        "unread_hard",
        "Unread, hard texts",
        "Four writers, asked for odd forms, scans, dictation and nicknames; unread too.",
    ),
    ("held", "Unread, own", "Own texts; nobody looked at what goes wrong in them, the rules were not made with them."),
    ("open", "Read", "The rules were mended and the context judge was trained with these: the figures flatter."),
    ("other_hand", "By another hand, read", "Two sets of 70, ordinary and hard, read after they were first scored."),
    (
        "other_hands",
        "By nine other hands, read",
        "The other half of what these writers wrote, read after it was first scored.",
    ),
)


def documents(name: str) -> list[dict[str, Any]]:
    """The labelled texts of one part of the corpus."""
    return [json.loads(line) for line in (CORPUS / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def measured(name: str, lexicon: Lexicon) -> tuple[dict[str, Tally], dict[bool, list[bool]]]:
    """Tallies for all texts, per language and per style; and for texts that leak or not, which went to review."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    reviewed: dict[bool, list[bool]] = {True: [], False: []}
    for document in documents(name):
        labelled = Labelled.from_document(document)
        done = redact(labelled.text, lexicon=lexicon)
        found = score(labelled, done.text)
        for key in ("all", f"lang={document['lang']}", f"style={document['style']}"):
            tallies[key].add(found)
        alone = Tally()
        alone.add(found)
        reviewed[sum(alone.leaked.values()) > 0].append(done.review)
    return dict(tallies), reviewed


def share(hits: int, total: int) -> str:
    """A share with its interval."""
    low, high = interval(hits, total)
    return f"{hits}/{total} = {100 * hits / total:.1f}% ({100 * low:.1f}-{100 * high:.1f})" if total else "-"


def per_origin(lexicon: Lexicon) -> Iterator[str]:
    """One line per origin: generated sentences in which a name is left, listed or not, with capitals or without."""
    missed: dict[str, dict[tuple[bool, bool], list[bool]]] = defaultdict(lambda: defaultdict(list))
    for lower in (False, True):
        for case in cases(lower=lower):
            left = bool(left_over(case.names, redact(case.text, lexicon=lexicon).text))
            missed[case.origin][lower, case.listed].append(left)
            missed["all"][lower, case.listed].append(left)
    yield "| origin | capitals, listed | capitals, unlisted | lower case, listed | lower case, unlisted |"
    yield "|---|---|---|---|---|"
    for origin in sorted(missed, key=lambda origin: (origin != "all", origin)):
        found = missed[origin]
        cells = [found[key] for key in ((False, True), (False, False), (True, True), (True, False))]
        yield f"| {origin} | " + " | ".join(share(sum(cell), len(cell)) for cell in cells) + " |"


def page(lexicon: Lexicon) -> Iterator[str]:
    """The lines of the document."""
    yield "# Redaction: figures\n"
    yield "Written by `make redaction-table`; what the figures mean stands in [redaction.md](redaction.md)."
    yield "Shares with their 95% (Wilson) intervals; with the districts of the default municipality, as in use.\n"
    for name, title, remark in PARTS:
        tallies, reviewed = measured(name, lexicon)
        yield f"## {title}: `tests/corpus/{name}.jsonl`, {len(documents(name))} texts\n"
        yield remark + "\n"
        yield "```"
        yield from lines(tallies)
        yield "```\n"
        yield f"Texts in which something leaked that go to review: {share(sum(reviewed[True]), len(reviewed[True]))}."
        yield f"Texts without a leak that go to review: {share(sum(reviewed[False]), len(reviewed[False]))}.\n"
    yield "## Names per origin, in generated sentences\n"
    yield "Sentences in which any word of a name can still be read.\n"
    yield from per_origin(lexicon)
    touched = sum(bool(redact(sentence, lexicon=lexicon).marks) for sentence in CLEAN_SENTENCES)
    yield f"\nSentences nobody stands in that were touched: {share(touched, len(CLEAN_SENTENCES))}."


def main() -> None:
    """Write the document."""
    lexicon = words.load().with_local(local_words(municipalities.load().default))
    OUTPUT.write_text("\n".join(page(lexicon)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
