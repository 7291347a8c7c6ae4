# SPDX-License-Identifier: EUPL-1.2
"""Learns the weights of the context judge and writes `context.bin`. Never runs in the product.

Run it after `build.py`: `python -m services.anonymizer.words.train CORPUS.jsonl ...`, with labelled texts of the
project's own writing. The same texts and lists give the same bytes.
"""

import argparse
import json
import math
import random
import re
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from services.anonymizer import context, words
from services.anonymizer import lexicon as lex
from services.anonymizer.lexicon import Lexicon
from services.anonymizer.reading import read
from services.anonymizer.recognisers.keep import mark_kept
from services.anonymizer.words.build import sections

HERE = Path(__file__).parent
OUTPUT = HERE / "context.bin"
SEED = 20260201
EPOCHS = 5
VARIANTS = 14
PER_FRAME = 60
PER_PLAIN = 5
RATE = 0.25
DECAY = 2e-5
LEAST_SEEN = 3
UNLISTED = 0.35
"""Share of the names that are taken out of the lists while learning, so that the judge works on names of no list."""
WORD = re.compile(r"[^\W\d_]+")
Example = tuple[list[str], int]
Piece = tuple[str, str]
"""A stretch of text and what it is: "" for plain text, "P" for a name, "?" for what may be either."""


class Names:
    """Draws names: of the origins' lists, of any list, and names that are also words."""

    def __init__(self, lexicon: Lexicon, dice: random.Random) -> None:
        self.dice = dice
        own: dict[str, set[str]] = {"first": set(), "last": set()}
        for path in sorted((HERE / "names").glob("*.txt")):
            for section, word in sections(path):
                own[section].add(word)
        plain = {word for word in lexicon.flags if WORD.fullmatch(word) and word.isascii() and len(word) > 2}
        doubtful = lex.WORD | lex.FOREIGN
        self.first = sorted(own["first"])
        self.last = sorted(own["last"])
        self.any_first = sorted(word for word in plain if lexicon.flags[word] & lex.FIRST)
        self.any_last = sorted(word for word in plain if lexicon.flags[word] & lex.LAST)
        self.doubtful = sorted(word for word in self.first if lexicon.flag(word) & doubtful and len(word) > 2)
        self.doubtful_last = sorted(word for word in self.last if lexicon.flag(word) & doubtful and len(word) > 2)

    def given(self) -> str:
        """A given name."""
        return self._draw(self.first, self.any_first, self.doubtful)

    def family(self) -> str:
        """A surname, sometimes with particles."""
        particles = self.dice.choices(("", "van ", "de ", "van der ", "el ", "van den "), (20, 2, 2, 2, 1, 1))[0]
        return particles + self._draw(self.last, self.any_last, self.doubtful_last)

    def _draw(self, own: list[str], listed: list[str], doubtful: list[str]) -> str:
        return self.dice.choice(self.dice.choices((own, listed, doubtful), (50, 25, 25))[0])


def titled(name: str) -> str:
    """The name with capitals, small particles aside."""
    small = {"van", "de", "der", "den", "el"}
    return " ".join(word if word in small else word[:1].upper() + word[1:] for word in name.split())


def framed(names: Names) -> Iterator[list[Piece]]:
    """The frames filled in with many names."""
    for line in (HERE / "training" / "frames.txt").read_text(encoding="utf-8").splitlines():
        if not line or line[0] in "#[":
            continue
        for _ in range(PER_FRAME if line.isascii() else PER_FRAME // 2):
            yield [
                (titled(filled(names, piece)), "P") if piece in {"{g}", "{s}", "{n}"} else (piece, "")
                for piece in re.split(r"(\{[gsn]\})", line)
                if piece
            ]


def filled(names: Names, place: str) -> str:
    """A name for a place of a frame."""
    if place == "{g}":
        return names.given()
    return names.family() if place == "{s}" else f"{names.given()} {names.family()}"


def plain() -> Iterator[list[Piece]]:
    """Sentences nobody stands in."""
    for line in (HERE / "training" / "plain.txt").read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            for _ in range(PER_PLAIN):
                yield [(line, "")]


def renamed(document: dict[str, Any], names: Names, *, keep: bool) -> list[Piece]:
    """A labelled text in pieces, its people called something else unless they keep their names."""
    pieces: list[Piece] = []
    at = 0
    called: dict[str, str] = {}
    for span in document["spans"]:
        pieces.append((document["text"][at : span["start"]], ""))
        found = span["text"]
        if span["type"] == "PERSON" and not keep:
            found = WORD.sub(lambda match: other_name(match.group(), called, names), found)
        pieces.append((found, "P" if span["type"] == "PERSON" else "?"))
        at = span["end"]
    return [*pieces, (document["text"][at:], "")]


def other_name(word: str, called: dict[str, str], names: Names) -> str:
    """Another name for a word of a name, the same one each time; short words and particles stay."""
    low = word.lower()
    if len(low) < 3 or low in {
        "van",
        "der",
        "den",
        "ten",
        "ter",
        "het",
        "mevr",
        "mevrouw",
        "meneer",
        "dhr",
        "fam",
        "oma",
        "opa",
        "mrs",
    }:
        return word
    if low not in called:
        called[low] = names.given()
    return called[low].upper() if word.isupper() else called[low].capitalize() if word[0].isupper() else called[low]


def examples(pieces: Sequence[Piece], lexicon: Lexicon) -> Iterator[Example]:
    """The features and the truth of each word of a text the judge has an opinion on."""
    text = "".join(piece for piece, _ in pieces)
    kinds: list[str] = []
    for piece, kind in pieces:
        kinds += [kind] * len(piece)
    reading = read(text, lexicon)
    mark_kept(reading)
    for index in range(len(reading.words)):
        kind = kinds[reading.starts[index]]
        if kind != "?" and context.is_candidate(reading, index):
            yield list(context.features(reading, index)), int(kind == "P")


def thinned(lexicon: Lexicon, dice: random.Random) -> Lexicon:
    """The table with a share of the names in no list."""
    flags = dict(lexicon.flags)
    for word in sorted(word for word, flag in flags.items() if flag & lex.NAME):
        if dice.random() < UNLISTED:
            rest = flags[word] & ~(lex.NAME | lex.UNLIKELY)
            if rest:
                flags[word] = rest
            else:
                del flags[word]
    return replace(lexicon, flags=flags)


def collected(paths: Sequence[Path], lexicon: Lexicon, dice: random.Random) -> list[Example]:
    """All examples, in a fixed random order."""
    names = Names(lexicon, dice)
    thin = thinned(lexicon, dice)
    texts = [*framed(names), *plain()]
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            document = json.loads(line)
            texts += [renamed(document, names, keep=variant == 0) for variant in range(VARIANTS)]
    found: list[Example] = []
    for pieces in texts:
        table = thin if dice.random() < 0.75 else lexicon
        small = dice.random() < 0.5
        found += examples([(piece.lower(), kind) for piece, kind in pieces] if small else pieces, table)
    dice.shuffle(found)
    return found


def learned(found: list[Example]) -> dict[str, int]:
    """Weights by logistic regression with a rate of its own per feature."""
    seen: dict[str, int] = {}
    for names, _ in found:
        for name in names:
            seen[name] = seen.get(name, 0) + 1
    weights: dict[str, float] = {name: 0.0 for name, count in seen.items() if count >= LEAST_SEEN}
    squares = dict.fromkeys(weights, 1e-3)
    for _ in range(EPOCHS):
        for names, truth in found:
            known = [name for name in names if name in weights]
            total = sum(weights[name] for name in known)
            error = truth - 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))
            if abs(error) < 0.002:
                continue
            for name in known:
                step = error - DECAY * weights[name]
                squares[name] += step * step
                weights[name] += RATE * step / math.sqrt(squares[name])
    rounded = {name: round(weight * context.SCALE) for name, weight in weights.items()}
    return {name: rounded[name] for name in sorted(rounded) if abs(rounded[name]) > 3}


def main() -> None:
    """Learn and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path, nargs="+", help="labelled texts, one document a line")
    arguments = parser.parse_args()
    dice = random.Random(SEED)  # noqa: S311 - a repeatable draw, no secret
    lexicon = words.load()
    weights = learned(collected(arguments.corpus, lexicon, dice))
    OUTPUT.write_bytes(zlib.compress(json.dumps(weights, ensure_ascii=False, separators=(",", ":")).encode(), 9))


if __name__ == "__main__":
    main()
