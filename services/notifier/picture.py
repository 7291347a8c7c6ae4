# SPDX-License-Identifier: EUPL-1.2
"""The picture of a month, level 0: how busy it was and on which grounds more came in than usual.

Pure. Owns what a picture may say: words, never a number, and a ground only when it passes the gate by itself. So a
picture beside alerts and released tables gives nobody anything to subtract.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from services.notifier import gate
from services.notifier.series import Area, SeriesCase
from services.notifier.sightings import Past, prepare, usual

Volume = Literal["meer", "meestal", "minder", "onbekend"]
PAST_DAYS: Final = 182  # half a year to compare with; before that nothing is usual yet


@dataclass(frozen=True, slots=True)
class Picture:
    """A month in words. `held`: something unusual was too small or one-sided to show. `gaps`: a partner was silent."""

    municipality: str
    month: dt.date
    volume: Volume
    grounds: tuple[str, ...]
    context: tuple[str, ...]
    held: bool
    gaps: bool
    made_at: dt.datetime

    def as_json(self) -> dict[str, Any]:
        """Plain values to store, apart from what names the picture."""
        lists = {"grounds": list(self.grounds), "context": list(self.context)}
        return {"volume": self.volume, **lists, "held": self.held, "gaps": self.gaps}

    @classmethod
    def from_json(cls, municipality: str, month: dt.date, stored: Mapping[str, Any], made_at: dt.datetime) -> "Picture":
        """What was stored."""
        grounds, context = tuple(stored["grounds"]), tuple(stored["context"])
        return cls(municipality, month, stored["volume"], grounds, context, stored["held"], stored["gaps"], made_at)


def month_before(day: dt.date) -> dt.date:
    """The first day of the month before the one a day lies in.

    >>> month_before(dt.date(2027, 1, 31))
    datetime.date(2026, 12, 1)
    """
    return (day.replace(day=1) - dt.timedelta(days=1)).replace(day=1)


def last_of(month: dt.date) -> dt.date:
    """The last day of a month.

    >>> last_of(dt.date(2028, 2, 1))
    datetime.date(2028, 2, 29)
    """
    return (month + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def drawn(past: Past, month: dt.date, *, held: bool, gaps: bool, now: dt.datetime) -> Picture | None:
    """The picture of a month by what arrived in it, or None when nothing ever arrived by then.

    By arrival: a month is complete when it is over, so a picture is made once and never changes.
    """
    last = last_of(month)
    cases = [replace(c, happened_on=c.arrived_on) for c in prepare(past).cases if c.arrived_on <= last]
    if not cases:
        return None
    return Picture(
        municipality=past.municipality,
        month=month,
        volume=_volume(cases, past, month, last),
        grounds=tuple(
            ground for ground in past.codes.grounds if _more(cases, Area(ground, None, None), past, month, last)
        ),
        context=tuple(dict.fromkeys(o.label for o in past.occurrences if o.start <= last and o.end >= month)),
        held=held,
        gaps=gaps,
        made_at=now,
    )


def _volume(cases: Sequence[SeriesCase], past: Past, month: dt.date, last: dt.date) -> Volume:
    everything = Area(None, None, None)
    found = gate.tally(cases, everything, since=month, until=last, known_on=last)
    young = (month - min(c.arrived_on for c in cases)).days < PAST_DAYS
    if young or gate.refusal(found, past.rule):
        return "onbekend"
    band = usual(cases, everything, since=month, today=last)
    return "meer" if found.signals > band.high else "minder" if found.signals < band.low else "meestal"


def _more(cases: Sequence[SeriesCase], area: Area, past: Past, month: dt.date, last: dt.date) -> bool:
    found = gate.tally(cases, area, since=month, until=last, known_on=last)
    young = (month - min(c.arrived_on for c in cases)).days < PAST_DAYS
    if young or gate.refusal(found, past.rule):
        return False
    return found.signals > usual(cases, area, since=month, today=last).high
