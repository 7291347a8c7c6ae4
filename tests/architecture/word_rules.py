# SPDX-License-Identifier: EUPL-1.2
"""The list of words held against everything people read: templates, labels, and the sentences in the code.

Owns where such texts are found. Which words they are is data; what is said of alerts is held to the stricter list.
"""

import ast
import json
import re
from collections.abc import Iterator
from typing import Any

from shared.vocabulary import Where, lint
from tests.architecture.source import House, SourceFile

# The wording of the law stands on the statutory form alone; the list itself, and the lint, name what they refuse.
OF_THE_LAW = {"services/stats/form_files.py", "services/stats/wga.py"}
THE_LIST = {"shared/codes/forbidden-words.json", "shared/vocabulary.py"}
STATUTORY = {"statutory", "statutory_label", "source", "sources", "note"}
_TAGS = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", re.DOTALL)
_CODE = re.compile(r'"[\w-]+"')  # a code in an example on the wire
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^'\\]|\\.)*)'")


def no_forbidden_word_is_read(house: House) -> list[str]:
    """No template, label or sentence says a word of the list."""
    texts = [*_templates(house), *_labels(house), *_sentences(house)]
    return [
        f"{where} says {word}"
        for where, text in texts
        for word in lint(text, where=_strictness(where))
        if where.partition(":")[0] not in OF_THE_LAW | THE_LIST
    ]


def _strictness(where: str) -> Where:
    return "alert" if where.startswith("services/notifier/") else "public"


def _templates(house: House) -> Iterator[tuple[str, str]]:
    for where, text in house.texts():
        if where.endswith((".html", ".j2", ".typ", ".svg")):
            inside = re.findall(r"\{[{%].*?[}%]\}", text, re.DOTALL)
            said = [a or b for one in inside for a, b in _QUOTED.findall(one)]
            yield where, "\n\n".join([_TAGS.sub(" ", text), *(one for one in said if " " in one)])


def _labels(house: House) -> Iterator[tuple[str, str]]:
    folders = [house.root / "shared" / "codes", house.root / "deploy" / "municipalities"]
    for path in sorted(path for folder in folders for path in folder.glob("*.json")):
        where = path.relative_to(house.root).as_posix()
        for text in _texts_in(json.loads(path.read_text(encoding="utf-8"))):
            yield where, text


def _texts_in(value: Any, name: str = "") -> Iterator[str]:
    """What of a document people read: labels, titles, explanations; not codes, nor the wording of the law."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in STATUTORY:
                yield from _texts_in(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts_in(inner, name)
    elif isinstance(value, str) and name in {"label", "nl", "en", "title", "help", "explanation", "name", "example"}:
        yield value


def _sentences(house: House) -> Iterator[tuple[str, str]]:
    """Every string in the product that is more than one word, documentation apart."""
    for file in house.product:
        documentation = set(_documentation(file))
        for node in ast.walk(file.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                text = _CODE.sub("", node.value)
                if " " in text.strip():
                    yield f"{file.where}:{node.lineno}", text


def _documentation(file: SourceFile) -> Iterator[int]:
    for node in ast.walk(file.tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node.value)
