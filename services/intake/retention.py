# SPDX-License-Identifier: EUPL-1.2
"""How long each kind of thing is kept. Pure: the terms are given, the moment too."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One rule of retention: what goes, and after how long."""

    kind: str
    keep: dt.timedelta

    @property
    def rule(self) -> str:
        """The rule as the register names it.

        >>> Term("antwoord", dt.timedelta(hours=72)).rule
        'antwoord: 72 uur'
        """
        hours = int(self.keep.total_seconds() // 3600)
        days, rest = divmod(hours, 24)
        return f"{self.kind}: {hours} uur" if rest or days < 4 else f"{self.kind}: {days} dagen"

    def ends_before(self, now: dt.datetime) -> dt.datetime:
        """What is older than this has to go."""
        return now - self.keep


def terms(
    *, sealed_days: int, receipt_days: int, state_days: int, dry_run_hours: int, undo_days: int, inbox_days: int,
    deletions_days: int,
) -> tuple[Term, ...]:  # fmt: skip
    """Every rule. An answer's own term is in its row, so it goes as soon as that has passed."""
    day = dt.timedelta(days=1)
    return (
        Term("verzegeld-signaal", sealed_days * day),
        Term("ontvangstcode", receipt_days * day),
        Term("kenmerk", receipt_days * day),
        Term("stand", state_days * day),
        Term("antwoord", dt.timedelta()),
        Term("proef-import", dt.timedelta(hours=dry_run_hours)),
        Term("intrekopdracht-import", undo_days * day),
        Term("token", dt.timedelta()),
        Term("gebruikte-verklaring", dt.timedelta()),
        Term("ontvangen-bericht", inbox_days * day),
        Term("verwijdering", deletions_days * day),
    )
