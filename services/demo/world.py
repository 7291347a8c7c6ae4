# SPDX-License-Identifier: EUPL-1.2
"""The invented city: who reports, how often, how, and what happens to it in two years.

Data only. Days count from the end of the history (1 = the day before today), so that the last tension is still fresh
whenever somebody looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

HISTORY_DAYS: Final = 730
UPLOAD_EVERY_DAYS: Final = 28  # for the partner that sends once in four weeks

Upload = Literal["as-it-comes", "four-weekly"]


@dataclass(frozen=True, slots=True)
class Partner:
    """A sender. Units: `weekly` signals a week; weights multiply the city's own, 1 where nothing is said.

    `joined_days_ago`: it starts late; `backlog`: what happened between these days (ago) arrives on the last of them.
    """

    name: str
    weekly: float
    grounds: Mapping[str, float] = field(default_factory=dict)
    terrains: Mapping[str, float] = field(default_factory=dict)
    upload: Upload = "as-it-comes"
    school: bool = False
    adv: bool = False
    joined_days_ago: int = HISTORY_DAYS
    backlog: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Tension:
    """A planted tension. Units: `starts_days_ago`, `lasts_days`; `extra` signals on top of what is usual.

    `grounds`: the first one no campaign of the calendar is about in those days; `district_rank`: which
    residential district of the municipality, counted from 0 and round past the last; None is the whole city.
    """

    name: str
    starts_days_ago: int
    lasts_days: int
    extra: int
    grounds: tuple[str, ...]
    terrains: tuple[str, ...]
    district_rank: int | None
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MassReport:
    """Many equal reports about one thing within days."""

    event: str
    starts_days_ago: int
    lasts_days: int
    reports: int
    ground: str
    terrain: str
    nature: str


# Roughly as the bureaus publish for the country (2022-2023: origin near half of all reports); the rest is assumed.
GROUND_WEIGHTS: Final[Mapping[str, float]] = {
    "ras": 42.0,
    "godsdienst": 12.0,
    "geslacht": 10.0,
    "seksuele-gerichtheid": 9.0,
    "handicap-chronische-ziekte": 9.0,
    "leeftijd": 7.0,
    "nationaliteit": 4.0,
    "antisemitisme": 2.5,
    "overig-niet-wettelijk": 2.0,
    "onbekend": 1.5,
    "politieke-gezindheid": 0.4,
    "levensovertuiging": 0.2,
    "burgerlijke-staat": 0.2,
    "arbeidscontract": 0.1,
    "arbeidsduur": 0.1,
}

PARTNERS: Final = (
    Partner("bibliotheek", 1.5, terrains={"openbare-ruimte": 2, "media-reclame": 2}),
    Partner("welzijn", 2.1, terrains={"buurt-wijk": 3, "collectieve-voorzieningen": 2}),
    Partner("jongerenwerk", 1.7, terrains={"openbare-ruimte": 3, "horeca-amusement": 2}),
    Partner("buurtteams", 1.8, terrains={"buurt-wijk": 4, "huisvesting": 2}),
    Partner("mbo-college", 1.3, grounds={"ras": 1.3}, terrains={"onderwijs": 4, "arbeidsmarkt": 3}, school=True),
    Partner("middelbare-scholen", 1.4, grounds={"seksuele-gerichtheid": 1.5}, terrains={"onderwijs": 9}, school=True),
    Partner("sportservice", 0.9, grounds={"handicap-chronische-ziekte": 1.5}, terrains={"sport-recreatie": 9}),
    Partner("moskee", 1.2, grounds={"godsdienst": 5, "seksuele-gerichtheid": 0.1}),
    Partner("coc", 0.9, grounds={"seksuele-gerichtheid": 12, "geslacht": 3}),
    Partner(
        "vluchtelingenwerk",
        1.0,
        grounds={"ras": 1.5, "nationaliteit": 4},
        terrains={"huisvesting": 3, "collectieve-voorzieningen": 2},
        backlog=(250, 195),
    ),
    Partner(
        "huisartsenkring",
        0.8,
        grounds={"handicap-chronische-ziekte": 3},
        terrains={"collectieve-voorzieningen": 4},
        upload="four-weekly",
    ),
    Partner("woningcorporatie", 1.1, terrains={"huisvesting": 6, "buurt-wijk": 4}, joined_days_ago=235),
)
# The bureau itself comes under its own name, which belongs to the municipality.
BUREAU: Final = Partner("", 2.2, terrains={"arbeidsmarkt": 2, "collectieve-voorzieningen": 2}, adv=True)

TENSIONS: Final = (
    Tension(
        name="street",
        starts_days_ago=330,
        lasts_days=28,
        extra=18,
        grounds=("ras", "nationaliteit"),
        terrains=("openbare-ruimte", "buurt-wijk"),
        district_rank=4,
        partners=("welzijn", "bibliotheek", "jongerenwerk", "buurtteams", "moskee"),
    ),
    Tension(
        name="schools",
        starts_days_ago=165,
        lasts_days=35,
        extra=20,
        grounds=("godsdienst", "antisemitisme"),
        terrains=("onderwijs",),
        district_rank=None,
        partners=("middelbare-scholen", "mbo-college", "jongerenwerk", "moskee"),
    ),
    Tension(
        name="centre",
        starts_days_ago=24,
        lasts_days=21,
        extra=15,
        grounds=("seksuele-gerichtheid", "handicap-chronische-ziekte"),
        terrains=("openbare-ruimte",),
        district_rank=1,
        partners=("coc", "jongerenwerk", "welzijn", "bibliotheek"),
    ),
)

MASS_REPORT: Final = MassReport(
    event="reclame-bushokjes",
    starts_days_ago=420,
    lasts_days=9,
    reports=110,
    ground="geslacht",
    terrain="media-reclame",
    nature="vijandige-bejegening",
)
