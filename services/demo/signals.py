# SPDX-License-Identifier: EUPL-1.2
"""An invented incident written down as a partner would send it.

Pure. Owns who is said to report, how much they tell about themselves and what the bureau did.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from services.demo import stories
from services.demo.world import MassReport, Partner
from shared.municipalities import SPECIAL_DISTRICTS, Municipality

_KINDS: Final = {"melding": 52, "klacht": 40, "eigen-waarneming": 8}
_ROLES: Final = {"professional-partner": 50, "slachtoffer": 27, "getuige": 12, "namens-ander": 8, "onbekend": 3}
_BUREAU_ROLES: Final = {"slachtoffer": 68, "getuige": 17, "namens-ander": 11, "politie-doorgezet": 4}
_ANONYMITY: Final = {"geheel-anoniem": 68, "anoniem-jegens-derden": 18, "niet-anoniem": 14}
_BUREAU_ANONYMITY: Final = {"niet-anoniem": 55, "anoniem-jegens-derden": 30, "geheel-anoniem": 15}
_RESIDENCY: Final = {"ingezetene": 82, "niet-ingezetene": 10, "onbekend": 8}
_HANDLING: Final = {
    "advies-informatie": 45,
    "registratie": 30,
    "doorverwijzing": 9,
    "bijstaan-in-procedures": 6,
    "beinvloeding-beleid": 4,
    "overig": 2,
}
_NEEDS_A_NAME: Final = {"bemiddeling": 8, "eigen-onderzoek-adv": 3}  # Besluit art. 5: not for an anonymous complainant
_SECOND_GROUNDS: Final = {"ras": 4, "godsdienst": 3, "geslacht": 3, "nationaliteit": 2, "leeftijd": 1}
_NAMED_POSTCODE_SHARE: Final = 0.25


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was told. A mass report has no incident of its own; `settled`: the bureau has had time to act."""

    partner: Partner
    ground: str
    incident: stories.Incident | None
    happened_on: dt.date
    district: str
    mass: MassReport | None
    settled: bool


def write(told: Told, municipality: Municipality, dice: Random) -> dict[str, Any]:
    """The signal in its wire form."""
    incident, adv = told.incident, told.partner.adv
    about = stories.person(dice, who=incident.who if incident else None, on=told.happened_on)
    other = stories.person(dice, age=(18, 70), on=told.happened_on)
    kind = "melding" if told.mass else _pick(dice, _KINDS) if adv else "signaal"
    anonymity = _pick(dice, _BUREAU_ANONYMITY if adv else _ANONYMITY)
    signal: dict[str, Any] = {
        "soort": kind,
        "gronden": _grounds(told, dice),
        "terrein": told.mass.terrain if told.mass else _incident(told).terrain,
        "melderRol": _role(kind, dice),
        "anonimiteit": anonymity,
        "inwonerschap": _pick(dice, _RESIDENCY),
        "voorval": _incident_of(told, municipality, dice),
        "taal": incident.language if incident else "nl",
    }
    if kind in {"klacht", "melding"} and told.settled:
        signal["behandeling"] = ["registratie"] if told.mass else _handling(dice, anonymity)
    if told.mass:
        text = dice.choice(stories.load().mass)
        signal |= {"aard": told.mass.nature, "massamelding": told.mass.event}
        signal["toelichting"] = stories.fill(dice, text, about=about, other=other, on=told.happened_on)
        return signal
    return signal | _story(told, about, other, dice, named=anonymity != "geheel-anoniem" and kind != "eigen-waarneming")


def _story(told: Told, about: stories.Person, other: stories.Person, dice: Random, *, named: bool) -> dict[str, Any]:
    incident = _incident(told)
    part: dict[str, Any] = {}
    if dice.random() < 0.93:
        part["aard"] = incident.nature
    if incident.subground and dice.random() < 0.5:
        part["subgronden"] = [incident.subground]
    if dice.random() < 0.94:
        part["toelichting"] = stories.tell(dice, incident, about=about, other=other, on=told.happened_on)
    if named and dice.random() < 0.7:
        part["melder"] = _reporter(about, dice)
    if "{ander" in incident.text and dice.random() < 0.5:
        part["betrokkenen"] = [other.name]
    return part


def _reporter(about: stories.Person, dice: Random) -> Mapping[str, str]:
    known = {
        "naam": about.name,
        "email": about.email,
        "telefoon": about.phone,
        "geboortedatum": about.born_on.isoformat(),
        "adres": about.address,
    }
    return {name: value for name, value in known.items() if name == "naam" or dice.random() < 0.6}


def _grounds(told: Told, dice: Random) -> list[str]:
    if told.mass or dice.random() > 0.1:
        return [told.ground]
    second = _pick(dice, {ground: weight for ground, weight in _SECOND_GROUNDS.items() if ground != told.ground})
    return [told.ground] if told.ground == "onbekend" else [told.ground, second]


def _role(kind: str, dice: Random) -> str:
    if kind == "eigen-waarneming":
        return "eigen-waarneming-adv"
    return _pick(dice, _ROLES if kind == "signaal" else _BUREAU_ROLES)


def _handling(dice: Random, anonymity: str) -> list[str]:
    known = _HANDLING if anonymity == "geheel-anoniem" else _HANDLING | _NEEDS_A_NAME
    done = _pick(dice, known)
    return sorted({done, _pick(dice, known)}) if dice.random() < 0.15 else [done]


def _incident_of(told: Told, municipality: Municipality, dice: Random) -> dict[str, str]:
    if told.mass or told.district == "online":
        return {"datum": told.happened_on.isoformat(), "plaats": "niet-van-toepassing", "wijk": "online"}
    if told.district == "onbekend":
        return {"plaats": dice.choice(("andere-gemeente", "onbekend")), "wijk": "onbekend"}
    where = {"datum": told.happened_on.isoformat(), "plaats": "in-gemeente", "wijk": told.district}
    areas = [area.area for area in municipality.postcodes if told.district in area.districts]
    if areas and told.district not in SPECIAL_DISTRICTS and dice.random() < _NAMED_POSTCODE_SHARE:
        where["postcode"] = dice.choice(areas) + "".join(dice.choices("ABCDEGHJKLMNPRSTVWXZ", k=2))
    return where


def _incident(told: Told) -> stories.Incident:
    if told.incident is None:
        raise ValueError("only a mass report has no incident")
    return told.incident


def _pick(dice: Random, weights: Mapping[str, float]) -> str:
    return dice.choices(list(weights), list(weights.values()))[0]
