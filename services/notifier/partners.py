# SPDX-License-Identifier: EUPL-1.2
"""Which partners are judged together: the established, and apart from them each newcomer and each erratic uploader.

Owns the grouping. Never judges what a partner reports, only since when and how regularly it arrives.
"""

from dataclasses import dataclass

import numpy as np

from services.notifier.streams import Context, Ints, Stream

SETTLED_DAYS = 5 * 364  # as long as the past that is looked at: until then a partner's mix would look like a change
FOUNDER_DAYS = 56  # partners that report within the first weeks of a stream were there from the start
PROBATION_DAYS = 56  # until then a newcomer only strengthens what the others begin to see
LOOKS = 50  # fortnights over which the regularity of uploads is judged
LOOK_DAYS = 14
ERRATIC = 1.9  # variance of what was known after a fortnight, against independent delays
FEWEST_REPORTS = 20


@dataclass(frozen=True, slots=True)
class PartnerGroup:
    """Partners judged together. `corroborates_only`: they strengthen what others show, and start nothing."""

    partners: tuple[int, ...]
    since: int
    newcomer: bool = False
    erratic: bool = False
    corroborates_only: bool = False

    @property
    def own_level(self) -> bool:
        """Whether its past volume says what to expect of the coming weeks."""
        return not (self.newcomer or self.erratic)


def is_erratic(arrival: Ints, day: Ints, today: int) -> bool:
    """Whether uploads come in lumps, so that an empty fortnight means nothing.

    Looks back at what was known at the end of each fortnight and compares the scatter with independent delays.
    """
    end = today - LOOK_DAYS * np.arange(LOOKS)[:, None]
    happened = (day > end - LOOK_DAYS) & (day <= end)
    total = happened.sum(axis=1)
    known = (happened & (arrival <= end)).sum(axis=1)
    if total.sum() < FEWEST_REPORTS:
        return False
    share = float(known.sum() / total.sum())
    if share > 0.98:
        return False
    usual = total * share
    return float(((known - usual) ** 2).sum() / (total * share * (1 - share)).sum()) > ERRATIC


def group_partners(stream: Stream, context: Context, today: int, last: int) -> list[PartnerGroup]:
    """The groups for the days after `today` up to `last`; only what is known on `today` decides about regularity.

    A partner without an announced start counts as starting with its first report.
    """
    if not len(stream):
        return []
    origin = int(stream.arrival.min())
    settled: list[int] = []
    apart: list[PartnerGroup] = []
    past = stream.known_on(today)
    for partner in np.unique(stream.partner).tolist():
        of_it = stream.partner == partner
        start = max(int(stream.arrival[of_it].min()), context.partner_start.get(partner, origin))
        if start > last:
            continue
        own = past.partner == partner
        age = today - start
        if start - origin > FOUNDER_DAYS and age < SETTLED_DAYS:
            apart.append(PartnerGroup((partner,), start, newcomer=True, corroborates_only=age < PROBATION_DAYS))
        elif is_erratic(past.arrival[own], past.day[own], today):
            apart.append(PartnerGroup((partner,), origin, erratic=True))
        else:
            settled.append(partner)
    first = [PartnerGroup(tuple(settled), origin)] if settled else []
    return first + apart
