# SPDX-License-Identifier: EUPL-1.2
"""Two years of one city that does not exist, as lines of a history.

Pure: the same municipality, day, campaigns and seed give the same history. Owns seasons, campaigns, the newcomer, the
late batch, the mass report and the planted tensions; what they are stands in `world`, where they fell in `planted`.
"""

import datetime as dt
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any, Final, Protocol

from services.demo import signals, stories
from services.demo.world import (
    BUREAU,
    GROUND_WEIGHTS,
    HISTORY_DAYS,
    MASS_REPORT,
    PARTNERS,
    TENSIONS,
    UPLOAD_EVERY_DAYS,
    Partner,
    Tension,
)
from shared.municipalities import SPECIAL_DISTRICTS, Municipality

DEFAULT_SEED: Final = 2026
# Reporting for the grounds of a campaign about doubles while it lasts; a campaign about everything adds less to each.
CAMPAIGN_FACTOR: Final = 1.0
GENERAL_CAMPAIGN_FACTOR: Final = 0.35
SUMMER_FACTOR: Final = 0.75
WEEKLY_SPREAD: Final = 0.12  # standard deviation of the logarithm of a week's level


class Campaign(Protocol):
    """A period that raises reporting, both days included; no grounds means all of them."""

    @property
    def start(self) -> dt.date:
        """The first day."""

    @property
    def end(self) -> dt.date:
        """The last day."""

    @property
    def grounds(self) -> Sequence[str]:
        """What it is about."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A tension as it fell in this history: what a detector should find. No district means the whole city."""

    name: str
    ground: str
    terrains: tuple[str, ...]
    district: str | None
    start: dt.date
    end: dt.date
    extra: int
    partners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class City:
    """What the history is made for."""

    municipality: Municipality
    today: dt.date
    campaigns: tuple[Campaign, ...]
    seed: int

    @property
    def first_day(self) -> dt.date:
        """The first day of the history."""
        return self.today - dt.timedelta(days=HISTORY_DAYS)

    @property
    def residential(self) -> tuple[str, ...]:
        """The districts people live in, in the order of the list."""
        return tuple(c.code for c in self.municipality.districts.in_order if c.code not in SPECIAL_DISTRICTS)

    def dice(self, purpose: str) -> Random:
        """Chance for one purpose, so that a change to one part leaves the others as they were."""
        return Random(f"{self.seed}/{self.municipality.code}/{purpose}")  # noqa: S311 - nothing here is secret

    def ago(self, days: int) -> dt.date:
        """The day so many days before today."""
        return self.today - dt.timedelta(days=days)


def history(
    municipality: Municipality, *, today: dt.date, campaigns: Iterable[Campaign], seed: int = DEFAULT_SEED
) -> Iterator[dict[str, Any]]:
    """The lines of the history, ordered by `op`, none later than the day before today.

    Shape: {"op": "2026-01-05T10:00:00Z", "partner": str, "adv": bool, "signaal": {...}}.
    """
    city = City(municipality, today, tuple(campaigns), seed)
    bureau = replace(BUREAU, name=municipality.bureau.name)
    drafts = [draft for partner in (*PARTNERS, bureau) for draft in _usual(city, partner)]
    drafts += _of_tensions(city)
    drafts += _of_mass_report(city, bureau)
    lines = [line for draft in drafts if (line := _sent(city, draft)) is not None]
    yield from sorted(lines, key=lambda line: (line["op"], line["partner"]))


def planted(
    municipality: Municipality, *, today: dt.date, campaigns: Iterable[Campaign], seed: int = DEFAULT_SEED
) -> tuple[Planted, ...]:
    """Where and when the tensions of that history fell."""
    city = City(municipality, today, tuple(campaigns), seed)
    return tuple(_planted(city, tension) for tension in TENSIONS)


def _planted(city: City, tension: Tension) -> Planted:
    start = city.ago(tension.starts_days_ago)
    end = start + dt.timedelta(days=tension.lasts_days - 1)
    busy = {ground for one in city.campaigns if one.start <= end and one.end >= start for ground in one.grounds}
    ground = next((ground for ground in tension.grounds if ground not in busy), tension.grounds[0])
    rank = tension.district_rank
    district = None if rank is None else city.residential[rank % len(city.residential)]
    return Planted(tension.name, ground, tension.terrains, district, start, end, tension.extra, tension.partners)


@dataclass(frozen=True, slots=True)
class _Draft:
    """One signal before it is written: who tells what, where, and when it happened."""

    partner: Partner
    happened_on: dt.date
    ground: str
    terrains: tuple[str, ...]
    district: str | None
    number: str
    at_once: bool = False
    mass: bool = False


def _usual(city: City, partner: Partner) -> Iterator[_Draft]:
    """What the partner passes on in two years without anything special, campaigns included."""
    dice = city.dice(f"partner/{partner.name}")
    levels = _weekly_levels(city)
    shares = {ground: weight * partner.grounds.get(ground, 1.0) for ground, weight in GROUND_WEIGHTS.items()}
    total = sum(shares.values())
    counter = 0
    for day in range(HISTORY_DAYS - partner.joined_days_ago, HISTORY_DAYS):
        date = city.first_day + dt.timedelta(days=day)
        rate = partner.weekly / 7 * levels[day // 7] * _season(partner, date)
        drawn = _draw(dice, shares, _poisson(dice, rate))
        for campaign in city.campaigns:
            if campaign.start <= date <= campaign.end:
                about = {ground: shares[ground] for ground in campaign.grounds} or shares
                factor = CAMPAIGN_FACTOR if campaign.grounds else GENERAL_CAMPAIGN_FACTOR
                drawn += _draw(dice, about, _poisson(dice, rate * factor * sum(about.values()) / total))
        for ground in drawn:
            counter += 1
            yield _Draft(partner, date, ground, (), None, f"{partner.name}/{counter}")


def _of_tensions(city: City) -> Iterator[_Draft]:
    by_name = {partner.name: partner for partner in PARTNERS}
    for tension in (_planted(city, one) for one in TENSIONS):
        dice = city.dice(f"tension/{tension.name}")
        days = (tension.end - tension.start).days + 1
        for number in range(tension.extra):
            date = tension.start + dt.timedelta(days=dice.randrange(days))
            # each partner in turn, so that the first days already have more than one source
            partner = by_name[tension.partners[number % len(tension.partners)]]
            number_of = f"tension/{tension.name}/{number}"
            yield _Draft(partner, date, tension.ground, tension.terrains, tension.district, number_of, at_once=True)


def _of_mass_report(city: City, bureau: Partner) -> Iterator[_Draft]:
    dice = city.dice("mass")
    start = city.ago(MASS_REPORT.starts_days_ago)
    for number in range(MASS_REPORT.reports):
        # most of it comes in the first days
        date = start + dt.timedelta(days=min(int(dice.expovariate(0.5)), MASS_REPORT.lasts_days - 1))
        terrains = (MASS_REPORT.terrain,)
        yield _Draft(bureau, date, MASS_REPORT.ground, terrains, "online", f"mass/{number}", at_once=True, mass=True)


def _sent(city: City, draft: _Draft) -> dict[str, Any] | None:
    """The line of a draft, or None when it has not reached anybody before today."""
    dice = city.dice(f"signal/{draft.number}")
    day = _sending_day(city, draft, dice)
    if day >= city.today:
        return None
    op = dt.datetime.combine(day, dt.time(8), dt.UTC) + dt.timedelta(seconds=dice.randrange(8 * 3600))
    district = draft.district or _district(city, dice)
    incident = None if draft.mass else _incident(draft, dice)
    told = signals.Told(
        partner=draft.partner,
        ground=draft.ground,
        incident=incident,
        happened_on=draft.happened_on,
        district=district,
        mass=MASS_REPORT if draft.mass else None,
        settled=(city.today - day).days > 60,
    )
    signal = signals.write(told, city.municipality, dice)
    return {
        "op": op.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "partner": draft.partner.name,
        "adv": draft.partner.adv,
        "signaal": signal,
    }


def _sending_day(city: City, draft: _Draft, dice: Random) -> dt.date:
    partner, happened = draft.partner, draft.happened_on
    if draft.at_once:
        return happened + dt.timedelta(days=dice.choice((0, 0, 0, 1, 1, 2)))
    if partner.backlog and city.ago(partner.backlog[0]) <= happened <= city.ago(partner.backlog[1]):
        return city.ago(partner.backlog[1])
    if partner.upload == "four-weekly":
        ago = (city.today - happened).days
        return city.ago(ago // UPLOAD_EVERY_DAYS * UPLOAD_EVERY_DAYS)
    day = happened + dt.timedelta(days=0 if dice.random() < 0.45 else min(int(dice.expovariate(0.35)), 30))
    weekend = day.weekday() - 4
    return day + dt.timedelta(days=3 - weekend) if weekend > 0 and dice.random() < 0.8 else day


def _incident(draft: _Draft, dice: Random) -> stories.Incident:
    about = stories.fitting(draft.ground, draft.terrains)
    weights = [_weight(incident, draft.partner) for incident in about]
    return dice.choices(about, weights)[0]


def _weight(incident: stories.Incident, partner: Partner) -> float:
    # nine in ten texts are Dutch
    return partner.terrains.get(incident.terrain, 1.0) * (1.0 if incident.language == "nl" else 0.25)


def _district(city: City, dice: Random) -> str:
    chance = dice.random()
    if chance < 0.08:
        return "onbekend"
    if chance < 0.13:
        return "overig-gebied"
    if chance < 0.18:
        return "online"
    # districts differ in size: the first listed get somewhat more
    return dice.choices(city.residential, [1.0 / (3 + rank) for rank in range(len(city.residential))])[0]


def _weekly_levels(city: City) -> list[float]:
    dice = city.dice("weeks")
    return [math.exp(dice.gauss(0.0, WEEKLY_SPREAD)) for _ in range(HISTORY_DAYS // 7 + 1)]


def _season(partner: Partner, date: dt.date) -> float:
    summer = (7, 10) <= (date.month, date.day) <= (8, 25)
    christmas = (date.month, date.day) >= (12, 22) or (date.month, date.day) <= (1, 5)
    if partner.school:
        return 0.05 if summer or christmas else 1.2
    return SUMMER_FACTOR if summer or christmas else 1.0


def _draw(dice: Random, shares: Mapping[str, float], count: int) -> list[str]:
    return dice.choices(list(shares), list(shares.values()), k=count)


def _poisson(dice: Random, rate: float) -> int:
    """A Poisson number. Source: Knuth, The Art of Computer Programming 2, 3.4.1, exact for small rates."""
    limit, product, count = math.exp(-rate), dice.random(), 0
    while product > limit:
        product *= dice.random()
        count += 1
    return count
