# SPDX-License-Identifier: EUPL-1.2
"""What an alert is and how it lives: levels, steps, states, growth, expiry.

Pure. Owns the rules of its life. Contents are codes and bands; sentences are made in `messages`. Never a name, an
organisation, a quote, or a count under the gate's.
Source: Samenleven in Verscheidenheid (six steps); the levels are this product's, in `LEVELS`.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from services.notifier.calendar import is_public_holiday
from services.notifier.gate import Band, GateRule, Tally, band, may_change
from services.notifier.series import Area

Step = Literal["signaleer", "onderzoek", "delen-en-duiden", "ontwikkel", "pak-aan", "vieren-en-verbeteren"]
Status = Literal["open", "geduid", "ingetrokken", "verlopen"]
Verdict = Literal["spanning", "ruis", "landelijk-nieuws", "dubbel", "onbekend"]
Change = Literal["raised", "grown", "lowered", "retracted"]

STEPS: Final[tuple[Step, ...]] = (
    "signaleer",
    "onderzoek",
    "delen-en-duiden",
    "ontwikkel",
    "pak-aan",
    "vieren-en-verbeteren",
)
VERDICTS: Final[tuple[Verdict, ...]] = ("spanning", "ruis", "landelijk-nieuws", "dubbel", "onbekend")
LEVELS: Final[Mapping[int, str]] = {
    0: "Beeld: te weinig of te eenzijdig voor een attendering; telt mee in het maandbeeld.",
    1: "Aandacht: meer signalen dan verwacht, van genoeg organisaties. Voor het netwerk.",
    2: "Duiding nodig: veel meer dan verwacht, van vijf of meer organisaties, en geen campagne die het verklaart."
    " Overleg binnen tien werkdagen.",
    3: "Oplopend: alleen een mens kan dit niveau geven.",
}
LASTING: Final = dt.timedelta(days=56)  # eight weeks without growth and it expires
AGAIN: Final = dt.timedelta(days=28)  # after a duiding has lapsed
QUIET_AFTER_DAYS: Final = 28  # an alarm this long after an alert's last day is a new one
LEVEL_2_PARTNERS: Final = 5
LEVEL_2_PER_YEAR: Final = 0.5  # by chance, at most once in two years
NEXT_STEP: Final[Mapping[int, Step]] = {1: "onderzoek", 2: "delen-en-duiden", 3: "delen-en-duiden"}
WORKING_DAYS: Final = 10


@dataclass(frozen=True, slots=True)
class Facts:
    """What an alert shows. Bands only; `context` and `allowed_for` are codes or labels without persons."""

    observed: Band
    expected: Band
    partners: Band
    chance_per_year: float
    completeness: float
    context: tuple[str, ...] = ()
    allowed_for: tuple[str, ...] = ()
    climbed: bool = False
    lowered: bool = False

    def as_json(self) -> dict[str, Any]:
        """Plain values to store."""
        bands = {n: [b.low, b.high] for n, b in (("o", self.observed), ("e", self.expected), ("p", self.partners))}
        return {
            **bands,
            "chance": self.chance_per_year,
            "complete": self.completeness,
            "context": list(self.context),
            "allowed": list(self.allowed_for),
            "climbed": self.climbed,
            "lowered": self.lowered,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Facts":
        """What was stored."""
        return cls(
            Band(*stored["o"]),
            Band(*stored["e"]),
            Band(*stored["p"]),
            stored["chance"],
            stored["complete"],
            tuple(stored["context"]),
            tuple(stored["allowed"]),
            stored["climbed"],
            stored.get("lowered", False),
        )


@dataclass(frozen=True, slots=True)
class Alert:
    """One alert. `signals` is the true count at its last notice: it stays inside, to see when cases are taken back."""

    alert_id: str
    municipality: str
    area: Area
    since: dt.date
    until: dt.date
    level: int
    step: Step
    status: Status
    facts: Facts
    signals: int
    raised_at: dt.datetime
    changed_at: dt.datetime
    expires_at: dt.datetime
    due_on: dt.date
    owner: str | None = None
    verdict: Verdict | None = None
    retraction: str | None = None
    told: int = 0
    reminded_on: dt.date | None = field(default=None)

    @property
    def alive(self) -> bool:
        """Whether it still asks for attention."""
        return self.status in {"open", "geduid"}


@dataclass(frozen=True, slots=True)
class Sighting:
    """What the detector and the gate found today, ready to become an alert or part of one."""

    area: Area
    since: dt.date
    today: dt.date
    found: Tally
    expected: Band
    chance_per_year: float
    completeness: float
    allowed_for: tuple[str, ...]
    context: tuple[str, ...]
    campaign: bool
    climbed: bool


def level_of(seen: Sighting) -> int:
    """The level the machine proposes: 1 or 2. Level 3 is for people."""
    strong = 0 < seen.chance_per_year <= LEVEL_2_PER_YEAR and seen.found.partners >= LEVEL_2_PARTNERS
    return 2 if strong and not seen.campaign else 1


def facts_of(seen: Sighting, rule: GateRule) -> Facts:
    """What may be shown of it."""
    return Facts(
        observed=band(seen.found.signals, smallest=rule.signals),
        expected=seen.expected,
        partners=band(seen.found.partners, smallest=rule.partners),
        chance_per_year=seen.chance_per_year,
        completeness=seen.completeness,
        context=seen.context,
        allowed_for=seen.allowed_for,
        climbed=seen.climbed,
    )


def raised(seen: Sighting, *, alert_id: str, municipality: str, now: dt.datetime, rule: GateRule) -> Alert:
    """A new alert."""
    level = level_of(seen)
    return Alert(
        alert_id=alert_id,
        municipality=municipality,
        area=seen.area,
        since=seen.since,
        until=seen.today,
        level=level,
        step="signaleer",
        status="open",
        facts=facts_of(seen, rule),
        signals=seen.found.signals,
        raised_at=now,
        changed_at=now,
        expires_at=now + LASTING,
        due_on=working_days_after(seen.today, WORKING_DAYS),
    )


def belongs_to(seen: Sighting, alert: Alert) -> bool:
    """Whether what is seen now is part of an alert that still lives: same cases could be in both."""
    near = seen.since <= alert.until + dt.timedelta(days=QUIET_AFTER_DAYS) and seen.today >= alert.since
    return alert.alive and near and alert.area.meets(seen.area)


def overlaps(seen: Sighting, alert: Alert) -> bool:
    """Whether the same cases would be shown twice."""
    return seen.since <= alert.until and seen.today >= alert.since and alert.area.meets(seen.area)


def grown(alert: Alert, seen: Sighting, *, now: dt.datetime, rule: GateRule) -> Alert | None:
    """The alert after it has grown, or None when what is seen adds nothing worth a second notice.

    `seen` is counted over the alert's own area and from its own first day. It grows when the band is higher or the
    level rises; then its last day, and with it the expiry, move along.
    """
    facts, level = facts_of(seen, rule), max(alert.level, level_of(seen))
    higher = facts.observed.low > alert.facts.observed.low
    if not (higher or level > alert.level):
        return None
    if facts.observed != alert.facts.observed and not may_change(alert.facts.observed, facts.observed, rule=rule):
        return None
    if not higher:  # the same band over more days: keep what was shown of the counts, so that nothing can be compared
        facts = replace(facts, observed=alert.facts.observed)
    return replace(
        alert,
        until=seen.today,
        level=level,
        facts=facts,
        signals=seen.found.signals,
        changed_at=now,
        expires_at=max(alert.expires_at, now + LASTING) if alert.status == "open" else alert.expires_at,
    )


def still_seen(alert: Alert, *, now: dt.datetime) -> Alert:
    """The alert after another day on which it was seen: nothing shown changes, an open one only lives on.

    The date that somebody gave with an interpretation stands.
    """
    if alert.status != "open":
        return alert
    return replace(alert, expires_at=max(alert.expires_at, now + AGAIN))


def taken_back(alert: Alert, *, why: str, now: dt.datetime) -> Alert:
    """The alert withdrawn. `why` is told to everyone who got it and never says how many signals are left."""
    return replace(alert, status="ingetrokken", retraction=why, changed_at=now, owner=None)


def lowered(alert: Alert, found: Tally, *, now: dt.datetime, rule: GateRule) -> Alert | None:
    """The alert with lower bands after cases were taken back, or None when they still hold. It says that it was."""
    signals = band(found.signals, smallest=rule.signals)
    partners = band(found.partners, smallest=rule.partners)
    if signals.low >= alert.facts.observed.low and partners.low >= alert.facts.partners.low:
        return None
    facts = replace(alert.facts, observed=signals, partners=partners, lowered=True)
    return replace(alert, facts=facts, signals=found.signals, level=min(alert.level, 1), changed_at=now)


def interpreted(
    alert: Alert,
    *,
    step: Step,
    verdict: Verdict,
    owner: str,
    expires_at: dt.datetime | None,
    now: dt.datetime,
    level: int | None = None,
) -> Alert:
    """The alert after somebody gave their view."""
    until = expires_at or now + AGAIN
    return replace(
        alert,
        step=step,
        status="geduid",
        verdict=verdict,
        owner=owner,
        level=alert.level if level is None else level,
        expires_at=until,
        due_on=until.date(),
        changed_at=now,
        reminded_on=None,
    )


def after_expiry(alert: Alert, *, now: dt.datetime) -> Alert:
    """What becomes of it when its time has passed: a duiding that lapsed opens it again, an open one expires."""
    if alert.status == "geduid" and alert.step != "vieren-en-verbeteren" and alert.verdict in {"spanning", "onbekend"}:
        due_on = working_days_after(now.date(), WORKING_DAYS)
        return replace(
            alert, status="open", owner=None, expires_at=now + AGAIN, due_on=due_on, changed_at=now, reminded_on=None
        )
    return replace(alert, status="verlopen", changed_at=now)


def needs_reminder(alert: Alert, today: dt.date) -> bool:
    """Whether its owner, or everyone when it has none, should hear that its date has come."""
    return alert.alive and alert.due_on <= today and alert.reminded_on is None


def working_days_after(day: dt.date, count: int) -> dt.date:
    """The day so many working days later; a public holiday is none.

    >>> working_days_after(dt.date(2026, 11, 20), 1), working_days_after(dt.date(2026, 12, 24), 1)
    (datetime.date(2026, 11, 23), datetime.date(2026, 12, 28))
    """
    while count:
        day += dt.timedelta(days=1)
        count -= day.weekday() < 5 and not is_public_holiday(day)
    return day
