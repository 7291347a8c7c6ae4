# SPDX-License-Identifier: EUPL-1.2
"""What readers of alerts know, and that a release reckons with it."""

import datetime as dt

import pytest

from services.stats import handle
from services.stats.alert_claims import Claim, Standing, known_least, reach
from services.stats.catalogues import SEVERAL, TOTAL, CountSpec
from services.stats.periods import Period
from services.stats.storage import claims
from shared.contracts import AlertClaim, AlertRaised
from shared.database import Database
from tests.unit.stats.builders import delivered

QUARTER = Period(dt.date(2026, 7, 1), dt.date(2026, 9, 30))
COUNT = CountSpec("signaal", "Signalen", ("signaal",), (("grond",), ("wijk",), ("grond", "wijk")))
NAMES = ("grond", "wijk")
ALERT = Claim("signaal", "ras", None, "noord", dt.date(2026, 8, 3), dt.date(2026, 8, 20), 5)


def standing(ground: str, district: str, on: dt.date) -> Standing:
    return Standing((ground, district), on)


def test_given_an_alert_within_the_quarter_when_asked_then_every_cell_around_it_is_known_to_hold_that_many() -> None:
    known = known_least([ALERT], COUNT, QUARTER, NAMES, [standing("ras", "noord", dt.date(2026, 8, 5))] * 6)

    assert known == {("ras", "noord"): 5, ("ras", TOTAL): 5, (TOTAL, "noord"): 5, (TOTAL, TOTAL): 5}


def test_given_two_alerts_when_asked_then_their_numbers_add_up_where_both_lie() -> None:
    other = Claim("signaal", "ras", None, "zuid", dt.date(2026, 9, 1), dt.date(2026, 9, 20), 10)

    known = known_least([ALERT, other], COUNT, QUARTER, NAMES, [])

    assert (known["ras", TOTAL], known["ras", "noord"], known["ras", "zuid"]) == (15, 5, 10)


def test_given_cases_that_may_stand_elsewhere_when_asked_then_they_are_taken_off() -> None:
    early = Claim("signaal", "ras", None, "noord", dt.date(2026, 6, 20), dt.date(2026, 7, 10), 5)
    cases = [
        standing("ras", "noord", dt.date(2026, 6, 25)),
        standing("ras", "noord", dt.date(2026, 6, 26)),
        standing(SEVERAL, "noord", dt.date(2026, 7, 5)),
        standing("leeftijd", "noord", dt.date(2026, 6, 25)),
        standing("ras", "noord", dt.date(2026, 6, 1)),
    ]

    known = known_least([early], COUNT, QUARTER, NAMES, cases)

    assert (known["ras", "noord"], known[TOTAL, "noord"]) == (2, 3)


@pytest.mark.parametrize(
    "claim",
    [
        Claim("melding", "ras", None, None, dt.date(2026, 8, 3), dt.date(2026, 8, 20), 5),
        Claim("signaal", "ras", None, None, dt.date(2026, 5, 3), dt.date(2026, 6, 20), 5),
    ],
)
def test_given_another_kind_or_other_days_when_asked_then_nothing_is_known(claim: Claim) -> None:
    assert known_least([claim], COUNT, QUARTER, NAMES, []) == {}


def test_given_an_alert_that_began_earlier_when_asked_for_its_reach_then_it_holds_all_its_days() -> None:
    early = Claim("signaal", None, None, None, dt.date(2026, 6, 20), dt.date(2026, 7, 10), 5)

    assert reach([early], QUARTER) == Period(dt.date(2026, 6, 20), dt.date(2026, 9, 30))
    assert reach([], QUARTER) == QUARTER


async def test_given_an_alert_that_grows_and_ends_when_handled_then_the_newest_number_is_kept(
    database: Database,
) -> None:
    def said(at_least: int | None) -> AlertRaised:
        told = AlertClaim(
            kind="signaal", ground="ras", first=dt.date(2026, 8, 3), last=dt.date(2026, 8, 20), at_least=at_least or 1
        )
        return AlertRaised(
            alert_id="a", municipality="GM0637", level=1, change="grown", claim=told if at_least else None
        )

    async with database.transaction() as tx:
        await handle.handle_alert(delivered([said(5), said(10), said(None)]), tx)
        kept = await claims.of(tx, "GM0637", QUARTER)
        elsewhere = await claims.of(tx, "GM0505", QUARTER)

    assert [(c.ground, c.district, c.at_least) for c in kept] == [("ras", None, 10)]
    assert elsewhere == []
