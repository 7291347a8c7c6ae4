# SPDX-License-Identifier: EUPL-1.2
"""The code lists everybody speaks in, and the words nobody may use.

Owns reading `shared/codes/*.json` and looking things up in them. A wire code never changes its meaning; a code that
goes out of use gets an end date and stays readable. Holds no district: those belong to a municipality.
"""

import datetime as dt
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import resources
from typing import Any, ClassVar, Final, Literal

from pydantic import ConfigDict, TypeAdapter

from shared.errors import Rejected

Language = Literal["nl", "en"]
Where = Literal["public", "alert"]
Confidence = Literal["official", "published", "practice", "unverified"]

_STRICT: Final = ConfigDict(extra="forbid", str_min_length=1)
_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_NOT_ALPHANUMERIC: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """A short text in both languages."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    nl: str
    en: str


@dataclass(frozen=True, slots=True)
class Code:
    """One code: its names, what it means in plain Dutch, where it comes from and how sure that is.

    Units: ages in whole years, both ends included; `row` is the row on the statutory form, counting from 1.
    """

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    code: str
    label: Text
    statutory: Text | None = None
    parent: str | None = None
    row: int | None = None
    aliases: tuple[str, ...] = ()
    help: str | None = None
    example: str | None = None
    source: str | None = None
    confidence: Confidence = "unverified"
    valid_from: dt.date | None = None
    valid_until: dt.date | None = None
    note: str | None = None
    counts_for_wga: bool = False
    lower_age: int | None = None
    upper_age: int | None = None

    def valid_on(self, day: dt.date) -> bool:
        """Whether the code may be used on that day, both ends included."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_until is None or day <= self.valid_until
        )

    @property
    def names(self) -> tuple[str, ...]:
        """Everything the code answers to in an import."""
        statutory = (self.statutory.nl, self.statutory.en) if self.statutory else ()
        return (self.code, self.label.nl, self.label.en, *statutory, *self.aliases)


@dataclass(frozen=True)
class CodeList:
    """A closed list of codes in their official order.

    Raises: ValueError when two codes share a name, because an import could then not tell them apart.
    """

    name: str
    in_order: tuple[Code, ...]
    title: str = ""
    version: str = ""
    multiple: bool = False

    def __post_init__(self) -> None:
        if len(self._by_code) != len(self.in_order):
            raise ValueError(f"list {self.name} holds a code twice")
        for code in self.in_order:
            for name in code.names:
                if self._by_name.setdefault(_key(name), code.code) != code.code:
                    raise ValueError(f"list {self.name} gives a name to two codes: {code.code}")

    @cached_property
    def _by_code(self) -> dict[str, Code]:
        return {code.code: code for code in self.in_order}

    @cached_property
    def _by_name(self) -> dict[str, str]:
        return {}

    @cached_property
    def codes(self) -> frozenset[str]:
        """The codes that may stand on the wire."""
        return frozenset(self._by_code)

    def __contains__(self, code: object) -> bool:
        return code in self._by_code

    def get(self, code: str) -> Code:
        """The code with all that is known of it. Raises: Rejected (permanent) `unknown_code`."""
        try:
            return self._by_code[code]
        except KeyError:
            raise Rejected("unknown_code", list=self.name) from None

    def label(self, code: str, language: Language = "nl", *, statutory: bool = False) -> str:
        """How people read the code; `statutory` gives the wording of the law, for the statutory form alone.

        Raises: Rejected (permanent) `unknown_code`.
        >>> load().grounds.label("ras"), load().grounds.label("ras", statutory=True)
        ('Herkomst/huidskleur', 'Ras')
        """
        found = self.get(code)
        text = found.statutory if statutory and found.statutory else found.label
        return text.nl if language == "nl" else text.en

    def parent(self, code: str) -> str | None:
        """The code this one rolls up to, or None. Raises: Rejected (permanent) `unknown_code`."""
        return self.get(code).parent

    def find(self, text: str) -> str | None:
        """The code a text from somebody else's register stands for: a code, label or alias, however it is spelled.

        >>> load().terrains.find("  COMMERCIELE Dienstverlening ")
        'commerciele-dienstverlening'
        """
        return self._by_name.get(_key(text))


@dataclass(frozen=True, slots=True)
class CodeLists:
    """All lists that hold in every municipality."""

    grounds: CodeList
    subgrounds: CodeList
    terrains: CodeList
    natures: CodeList
    handling: CodeList
    reporter_roles: CodeList
    residency: CodeList
    incident_places: CodeList
    anonymity: CodeList
    kinds: CodeList
    age_bands: CodeList


@dataclass(frozen=True, slots=True)
class ForbiddenWord:
    """A word that may not be read, where it may not, and what to write instead."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    term: str
    where: Where
    match: Literal["word", "compound"]
    pattern: str
    instead: str
    unless: tuple[str, ...] = ()

    def expression(self) -> re.Pattern[str]:
        """What finds the word and its inflections in folded text."""
        around = r"\w*" if self.match == "compound" else ""
        return re.compile(rf"(?<!\w){around}(?:{self.pattern}){around}(?!\w)")


@cache
def load() -> CodeLists:
    """The code lists that came with the program."""
    return CodeLists(
        **{name: code_list(_read(f"{name.replace('_', '-')}.json")) for name in CodeLists.__dataclass_fields__}
    )


def code_list(document: dict[str, Any]) -> CodeList:
    """The list a document describes. Raises: ValueError when it is not one, pydantic's included."""
    return CodeList(
        name=str(document["list"]),
        in_order=_CODES.validate_python(document["codes"]),
        title=str(document.get("title", "")),
        version=str(document.get("version", "")),
        multiple=bool(document.get("multiple", False)),
    )


@cache
def forbidden_words() -> tuple[ForbiddenWord, ...]:
    """The words that may not be read, in the order of the file."""
    return _WORDS.validate_python(_read("forbidden-words.json")["words"])


def lint(text: str, *, where: Where) -> list[str]:
    """The forbidden words in a text that people read, each named once by its term; empty when it may be shown.

    `alert` is the stricter place: what may not stand in public may not stand there either.
    The statutory form alone uses the wording of the law and is not linted.

    >>> lint("Cijfers over rassendiscriminatie", where="public")
    ['ras']
    >>> lint("Dit wijst niet op meer discriminatie.", where="alert")
    []
    """
    sentences = [" ".join(part.split()) for part in re.split(r"(?<=[.!?])\s|\n{2,}", _fold(text))]
    return [
        word.term
        for word, expression in _expressions()
        if (where == "alert" or word.where == "public")
        and any(expression.search(sentence) and not _excused(word, sentence) for sentence in sentences)
    ]


@cache
def _expressions() -> tuple[tuple[ForbiddenWord, re.Pattern[str]], ...]:
    return tuple((word, word.expression()) for word in forbidden_words())


def _excused(word: ForbiddenWord, sentence: str) -> bool:
    return any(re.search(rf"\b{re.escape(excuse)}\b", sentence) for excuse in word.unless)


def _fold(text: str) -> str:
    """The text without case, accents and invisible characters."""
    plain = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
    return "".join(char for char in plain if not unicodedata.combining(char)).casefold()


def _key(name: str) -> str:
    return _NOT_ALPHANUMERIC.sub("", _fold(name))


def _read(file: str) -> Any:  # noqa: ANN401 - JSON has no narrower type until it is validated
    return json.loads(resources.files("shared").joinpath("codes", file).read_text(encoding="utf-8"))


_CODES: Final = TypeAdapter(tuple[Code, ...])
_WORDS: Final = TypeAdapter(tuple[ForbiddenWord, ...])
