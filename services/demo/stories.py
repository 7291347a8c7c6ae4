# SPDX-License-Identifier: EUPL-1.2
"""Invented incidents, told by invented people.

Owns the texts (`stories.json`) and filling them in. Numbers, addresses and names are made up; mail goes to domains
that are reserved for examples.
"""

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from random import Random
from typing import ClassVar, Final, Literal

from pydantic import ConfigDict, TypeAdapter

_STRICT: Final = ConfigDict(extra="forbid")
_DOMAINS: Final = ("example.org", "example.com", "example.net")
_MONTHS: Final = (
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
)


@dataclass(frozen=True, slots=True)
class Incident:
    """What happened, with gaps for people and places; `who` when the words fit a woman or a man only."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    ground: str
    terrain: str
    nature: str
    language: str
    text: str
    subground: str | None = None
    who: Literal["f", "m"] | None = None


@dataclass(frozen=True, slots=True)
class People:
    """Parts of which people and places are made up."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    first_f: tuple[str, ...]
    first_m: tuple[str, ...]
    last: tuple[str, ...]
    street: tuple[str, ...]
    organisation: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stories:
    """Everything a text is put together from; openings and closings by language."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    about: str
    people: People
    openings: Mapping[str, tuple[str, ...]]
    closings: Mapping[str, tuple[str, ...]]
    mass: tuple[str, ...]
    incidents: tuple[Incident, ...]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who does not exist."""

    first: str
    last: str
    phone: str
    email: str
    address: str
    born_on: dt.date

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first} {self.last}"


@cache
def load() -> Stories:
    """The texts that came with the program."""
    file = resources.files("services.demo").joinpath("stories.json")
    return TypeAdapter(Stories).validate_json(file.read_bytes())


def person(
    rng: Random, *, who: Literal["f", "m"] | None = None, age: tuple[int, int] = (14, 79), on: dt.date
) -> Person:
    """A new person, of an age between two years (both included) on that day."""
    people = load().people
    first = rng.choice({"f": people.first_f, "m": people.first_m, None: people.first_f + people.first_m}[who])
    last = rng.choice(people.last)
    number = f"{rng.randrange(10_000):04}"
    written = (f"06-1234{number}", f"06 1234 {number}", f"+31 6 1234 {number}", f"061234{number}")
    mailbox = f"{_ascii(first)}.{_ascii(last)}{rng.choice(('', str(rng.randrange(60, 99))))}"
    return Person(
        first=first,
        last=last,
        phone=rng.choice(written),
        email=f"{mailbox}@{rng.choice(_DOMAINS)}",
        address=f"{rng.choice(people.street)} {rng.randrange(1, 180)}{rng.choice(('', '', '', 'a', 'b'))}",
        born_on=on - dt.timedelta(days=365 * rng.randint(*age) + rng.randrange(365)),
    )


def tell(rng: Random, incident: Incident, *, about: Person, other: Person, on: dt.date) -> str:
    """The story of one incident as a partner would type it."""
    stories = load()
    opening = rng.choice(stories.openings[incident.language])
    closing = rng.choice(stories.closings[incident.language])
    return fill(rng, opening + incident.text + closing, about=about, other=other, on=on)


def fill(rng: Random, text: str, *, about: Person, other: Person, on: dt.date) -> str:
    """The text with its gaps filled."""
    people = load().people
    return text.format(
        naam=about.first,
        vol=about.name,
        tel=about.phone,
        mail=about.email,
        adres=about.address,
        ander=other.name,
        ander_voornaam=other.first,
        ander_laag=_ascii(other.first) + str(other.born_on.year)[2:],
        organisatie=rng.choice(people.organisation),
        dag=_written(rng, on),
        leeftijd=rng.randint(11, 17),
        leeftijd_oud=rng.randint(52, 66),
        kenmerk=f"{on.year}-{rng.randrange(10_000):04}",
        vrijwilliger=rng.choice(people.first_f + people.first_m),
    )


def fitting(ground: str, terrains: Sequence[str] = ()) -> list[Incident]:
    """The incidents about a ground, in the given terrains when there are such."""
    about = [incident for incident in load().incidents if incident.ground == ground]
    return [incident for incident in about if incident.terrain in terrains] or about


def _written(rng: Random, day: dt.date) -> str:
    ways = (f"{day:%d-%m-%Y}", f"{day.day} {_MONTHS[day.month - 1]}", f"{day.day} {_MONTHS[day.month - 1]} {day.year}")
    return rng.choice(ways)


def _ascii(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i"))
    return "".join(char for char in plain.casefold() if char.isascii() and char.isalnum())
