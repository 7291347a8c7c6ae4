# SPDX-License-Identifier: EUPL-1.2
"""The coded facts of a case: all that travels on from here.

Pure. Owns the coarsening: an exact day becomes an ISO week, a birth date an age band, a postcode at most a district.
Whatever is not named here is dropped.
"""

import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Callable
from typing import Final

from shared.contracts import SealedSignal, SignalAnonymised
from shared.vocabulary import CodeList

UNKNOWN: Final = "onbekend"
_MASS_CODE: Final = re.compile(r"actie-[0-9a-f]{16}")

DistrictOf = Callable[[str], str | None]


def coded_facts(
    signal: SealedSignal, *, revision: int, secret: bytes, district_of: DistrictOf, age_bands: CodeList
) -> SignalAnonymised:
    """The closed list of facts of one revision of a case."""
    return SignalAnonymised(
        case_id=signal.case_id,
        revision=revision,
        municipality=signal.municipality,
        kind=signal.kind,
        grounds=signal.grounds,
        subgrounds=signal.subgrounds,
        terrain=signal.terrain,
        nature=signal.nature,
        handling=signal.handling,
        reporter_role=signal.reporter_role,
        anonymity=signal.anonymity,
        residency=signal.residency,
        incident_place=signal.incident_place,
        district=district(signal.district, signal.postcode, district_of=district_of),
        incident_week=iso_week(signal.incident_on) if signal.incident_on else None,
        registered_on=signal.registered_on,
        age_band=age_band(signal.reporter_born_on, on=signal.registered_on, bands=age_bands),
        mass_event=mass_code(signal.mass_event, secret=secret) if signal.mass_event else None,
        source_ref=signal.source_ref,
        record_key=record_key(signal.case_id, secret=secret),
    )


def iso_week(day: dt.date) -> str:
    """The ISO week of a day, with the year the week belongs to.

    >>> iso_week(dt.date(2027, 1, 1))
    '2026-W53'
    """
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def age_band(born_on: dt.date | None, *, on: dt.date, bands: CodeList) -> str:
    """The age band somebody was in on a day, `onbekend` when the birth date is unknown or impossible."""
    if born_on is None or born_on > on:
        return UNKNOWN
    age = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    for band in bands.in_order:
        if band.lower_age is not None and band.lower_age <= age and (band.upper_age is None or age <= band.upper_age):
            return band.code
    return UNKNOWN


def district(chosen: str, postcode: str | None, *, district_of: DistrictOf) -> str:
    """The district the sender chose; without one, the postcode's when configuration says it is unambiguous."""
    if chosen != UNKNOWN or postcode is None:
        return chosen
    return district_of(postcode) or UNKNOWN


def record_key(case_id: str, *, secret: bytes) -> int:
    """The case's share in the cell key of every table it is counted in. Units: 0 <= n < 2**32."""
    return int.from_bytes(hmac.new(secret, b"record-key\0" + case_id.encode(), hashlib.sha256).digest()[:4], "big")


def mass_code(name: str, *, secret: bytes) -> str:
    """The code under which a collective action travels: the same for the same name, and no word of it.

    A partner types that name, so it may hold somebody's own. A code stays what it is.
    """
    if _MASS_CODE.fullmatch(name):
        return name
    return f"actie-{hmac.new(secret, b'mass-event' + bytes(1) + name.encode(), hashlib.sha256).hexdigest()[:16]}"
