# SPDX-License-Identifier: EUPL-1.2
"""The municipalities this installation serves: names, districts, bureau, help lines and calendar, all from files.

Owns reading and checking `deploy/municipalities`. Nothing of any city stands in the program; a city is added by a file.
"""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Annotated, ClassVar, Final, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from shared import vocabulary
from shared.errors import Misconfigured, Rejected
from shared.occasions import STRICT, Occasion
from shared.vocabulary import Code, CodeList, Confidence

SHIPPED: Final = Path(__file__).resolve().parent.parent / "deploy" / "municipalities"
# What every municipality must offer, because an incident may have no district or nobody may know it.
SPECIAL_DISTRICTS: Final = ("overig-gebied", "online", "onbekend")
_POSTCODE: Final = re.compile(r"([1-9]\d{3}) ?(?:[A-Za-z]{2})?", re.ASCII)
MunicipalityCode = Annotated[str, Field(pattern=r"^GM\d{4}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


@dataclass(frozen=True, slots=True)
class Bureau:
    """The anti-discrimination bureau that registers complaints here."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    url: Annotated[str, Field(pattern=r"^https://")]
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    phone: str
    full_name: str | None = None
    region: str | None = None
    hours: str | None = None
    source: str | None = None
    confidence: Confidence = "unverified"


@dataclass(frozen=True, slots=True)
class HelpLine:
    """Where else people can turn, and when."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    name: str
    when: str
    phone: str | None = None
    url: Annotated[str, Field(pattern=r"^https://")] | None = None


@dataclass(frozen=True, slots=True)
class CbsArea:
    """A code of Statistics Netherlands with the years in which it meant this area, both ends included."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    code: str
    first_year: int
    last_year: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A named part of a district. Units: `centroid` is latitude and longitude in degrees."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    code: Slug
    label: str
    district: str
    centroid: tuple[float, float] | None = None
    cbs: tuple[CbsArea, ...] = ()
    confidence: Confidence = "unverified"


@dataclass(frozen=True, slots=True)
class PostcodeArea:
    """The districts that four digits may lie in; `decides` only when it is one and somebody confirmed it."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    area: Annotated[str, Field(pattern=r"^[1-9]\d{3}$")]
    districts: tuple[str, ...] = ()
    decides: bool = False
    confidence: Confidence = "unverified"


@dataclass(frozen=True, slots=True)
class Tile:
    """Where a district stands on a schematic map. Units: whole steps from the north-west corner, from 0."""

    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    district: str
    column: Annotated[int, Field(ge=0, le=11)]
    row: Annotated[int, Field(ge=0, le=11)]


@dataclass(frozen=True)
class Municipality:
    """One municipality as its file describes it."""

    code: str
    name: str
    slug: str
    timezone: ZoneInfo
    population: Mapping[dt.date, int]
    bureau: Bureau
    help_lines: tuple[HelpLine, ...]
    districts: CodeList
    parts: tuple[Part, ...]
    postcodes: tuple[PostcodeArea, ...]
    calendar: tuple[Occasion, ...]
    theme: Path | None = None
    tiles: tuple[Tile, ...] = ()

    @cached_property
    def _areas(self) -> Mapping[str, PostcodeArea]:
        return {area.area: area for area in self.postcodes}

    def districts_of_postcode(self, postcode: str) -> tuple[str, ...]:
        """The districts the postcode may lie in, to narrow a choice; empty when nothing is known."""
        area = self._area(postcode)
        return area.districts if area else ()

    def district_of_postcode(self, postcode: str) -> str | None:
        """The one district the postcode lies in, only where configuration says that it decides."""
        area = self._area(postcode)
        return area.districts[0] if area and area.decides else None

    def _area(self, postcode: str) -> PostcodeArea | None:
        written = _POSTCODE.fullmatch(postcode.strip())
        return self._areas.get(written[1]) if written else None

    def population_on(self, day: dt.date) -> int | None:
        """The newest count of inhabitants known for that day."""
        known = [counted_on for counted_on in self.population if counted_on <= day]
        return self.population[max(known)] if known else None


@dataclass(frozen=True)
class Municipalities:
    """All municipalities of this installation, in the order of the index."""

    default: Municipality
    all: tuple[Municipality, ...]

    def get(self, code: str) -> Municipality:
        """The municipality. Raises: Rejected (permanent) `unknown_municipality`."""
        return self._one(municipality for municipality in self.all if municipality.code == code)

    def by_slug(self, slug: str) -> Municipality:
        """The municipality by its short name. Raises: Rejected (permanent) `unknown_municipality`."""
        return self._one(municipality for municipality in self.all if municipality.slug == slug)

    def defaulting_to(self, slug: str) -> "Municipalities":
        """The same municipalities with another default. Raises: Rejected (permanent) `unknown_municipality`."""
        return replace(self, default=self.by_slug(slug))

    def __contains__(self, code: object) -> bool:
        return any(municipality.code == code for municipality in self.all)

    @staticmethod
    def _one(found: Iterator[Municipality]) -> Municipality:
        try:
            return next(found)
        except StopIteration:
            raise Rejected("unknown_municipality") from None


def load(directory: Path | None = None) -> Municipalities:
    """The municipalities described in a folder; without one, those shipped beside the program.

    Raises: Misconfigured `municipalities_missing` or `municipality_invalid`, with the file and the place in it.
    """
    folder = directory or SHIPPED
    index = _read(folder, "index.json", _INDEX)
    found = tuple(_municipality(folder, code) for code in index.municipalities)
    if index.default not in index.municipalities:
        raise _invalid("index.json", "the default is not in the list")
    for name in ("code", "slug"):
        if len({getattr(municipality, name) for municipality in found}) != len(found):
            raise _invalid("index.json", f"two municipalities share a {name}")
    return Municipalities(next(one for one in found if one.code == index.default), found)


@dataclass(frozen=True, slots=True)
class _Index:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    default: MunicipalityCode
    municipalities: Annotated[tuple[MunicipalityCode, ...], Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class _CalendarFile:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    title: str
    about: str
    sources: dict[str, str]
    entries: tuple[Occasion, ...]


@dataclass(frozen=True, slots=True)
class _CalendarChoice:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    file: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.json$")]
    without: tuple[str, ...] = ()
    additions: tuple[Occasion, ...] = ()


@dataclass(frozen=True, slots=True)
class _Districts:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    title: str
    version: str
    about: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class _TileMap:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    about: str
    tiles: tuple[Tile, ...]
    confidence: Confidence = "unverified"


@dataclass(frozen=True, slots=True)
class _MunicipalityFile:
    __pydantic_config__: ClassVar[ConfigDict] = STRICT

    code: MunicipalityCode
    name: str
    slug: Slug
    timezone: str
    population: dict[dt.date, Annotated[int, Field(ge=1)]]
    bureau: Bureau
    help_lines: tuple[HelpLine, ...]
    districts: _Districts
    parts: tuple[Part, ...]
    postcodes: tuple[PostcodeArea, ...]
    calendar: _CalendarChoice
    theme: Annotated[str, Field(pattern=r"^[a-z0-9-]+\.css$")] | None
    sources: dict[str, str]
    map: _TileMap | None = None


T = TypeVar("T")
_INDEX: Final = TypeAdapter(_Index)
_CALENDAR: Final = TypeAdapter(_CalendarFile)
_MUNICIPALITY: Final = TypeAdapter(_MunicipalityFile)


def _municipality(folder: Path, code: str) -> Municipality:
    file = f"{code}.json"
    read = _read(folder, file, _MUNICIPALITY)
    if read.code != code:
        raise _invalid(file, "the code inside is another one")
    try:
        timezone = ZoneInfo(read.timezone)
        districts = CodeList(
            "districts", _with_parts(read.districts.codes, read.parts), read.districts.title, read.districts.version
        )
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise _invalid(file, str(error)) from None
    theme = folder / read.theme if read.theme else None
    for problem in _problems(read, districts, theme):
        raise _invalid(file, problem)
    return Municipality(
        code=read.code,
        name=read.name,
        slug=read.slug,
        timezone=timezone,
        population=read.population,
        bureau=read.bureau,
        help_lines=read.help_lines,
        districts=districts,
        parts=read.parts,
        postcodes=read.postcodes,
        calendar=_occasions(folder, file, read.calendar),
        theme=theme,
        tiles=read.map.tiles if read.map else (),
    )


def _with_parts(districts: Sequence[Code], parts: Sequence[Part]) -> tuple[Code, ...]:
    """The districts, each also found by the names of its parts."""
    return tuple(
        replace(
            code, aliases=(*code.aliases, *(n for p in parts if p.district == code.code for n in (p.code, p.label)))
        )
        for code in districts
    )


def _problems(read: _MunicipalityFile, districts: CodeList, theme: Path | None) -> Iterator[str]:
    yield from (f"the district {code} is missing" for code in SPECIAL_DISTRICTS if code not in districts)
    yield from (
        f"part {part.code} lies in no district of the list" for part in read.parts if part.district not in districts
    )
    for area in read.postcodes:
        if not districts.codes.issuperset(area.districts):
            yield f"postcode {area.area} lies in no district of the list"
        if area.decides and len(area.districts) != 1:
            yield f"postcode {area.area} cannot decide: it needs exactly one district"
    if len({area.area for area in read.postcodes}) != len(read.postcodes):
        yield "a postcode stands in it twice"
    if theme and not theme.is_file():
        yield "the theme file is missing"
    yield from _tile_problems(read.map.tiles if read.map else (), districts)


def _tile_problems(tiles: Sequence[Tile], districts: CodeList) -> Iterator[str]:
    yield from (
        f"the map shows {one.district}, which is no district of the list"
        for one in tiles
        if one.district not in districts
    )
    if len({one.district for one in tiles}) != len(tiles):
        yield "a district stands on the map twice"
    if len({(one.column, one.row) for one in tiles}) != len(tiles):
        yield "two districts share a place on the map"


def _occasions(folder: Path, file: str, choice: _CalendarChoice) -> tuple[Occasion, ...]:
    common = _read(folder, choice.file, _CALENDAR).entries
    chosen = (*(one for one in common if one.code not in choice.without), *choice.additions)
    if len({one.code for one in chosen}) != len(chosen):
        raise _invalid(file, "a moment stands in the calendar twice")
    grounds = vocabulary.load().grounds.codes
    for one in chosen:
        if not grounds.issuperset(one.grounds):
            raise _invalid(file, f"moment {one.code} names an unknown ground")
    return chosen


def _read(folder: Path, file: str, form: TypeAdapter[T]) -> T:
    try:
        return form.validate_json((folder / file).read_bytes())
    except OSError:
        raise Misconfigured("municipalities_missing", file=file) from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = "/".join(str(step) for step in first["loc"])
        raise _invalid(file, f"{place}: {first['msg']}") from None


def _invalid(file: str, problem: str) -> Misconfigured:
    return Misconfigured("municipality_invalid", file=file, problem=problem)
