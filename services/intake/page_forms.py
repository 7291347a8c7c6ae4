# SPDX-License-Identifier: EUPL-1.2
"""The form of `/melden`: its fields, its choices, and the way from what was typed to a signal.

Owns names and order of fields. What is valid is decided by the same rules as for every other way in.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from services.intake import imports, signals, storage
from services.intake.api import Intake, signal_faults
from services.intake.signals import Rules, Signal
from shared.vocabulary import CodeList
from shared.web import Form

Option = tuple[str, str]
MANY: Final = ("gronden", "subgronden", "behandeling")
DATES: Final = ("voorval-datum", "melder-geboortedatum")
SINGLE: Final = (
    "soort", "terrein", "aard", "toelichting", "voorval-datum", "voorval-plaats", "voorval-wijk", "voorval-postcode",
    "melderRol", "inwonerschap", "anonimiteit", "melder-naam", "melder-email", "melder-telefoon", "melder-adres",
    "melder-geboortedatum", "betrokkenen", "massamelding", "taal", "kenmerk",
)  # fmt: skip
LABELS: Final[Mapping[str, str]] = {
    "soort": "Soort", "gronden": "Grond", "subgronden": "Subgrond", "terrein": "Terrein", "aard": "Gedrag",
    "toelichting": "Wat er gebeurde", "voorval-datum": "Datum", "voorval-plaats": "Plaats", "voorval-wijk": "Wijk",
    "voorval-postcode": "Postcode", "melderRol": "Rol van de melder", "inwonerschap": "Woont in de gemeente",
    "anonimiteit": "Anonimiteit", "behandeling": "Wat is ermee gedaan", "massamelding": "Actie", "taal": "Taal",
    "kenmerk": "Uw kenmerk", "melder-naam": "Naam van de melder", "melder-email": "E-mailadres",
    "melder-telefoon": "Telefoon", "melder-adres": "Adres", "melder-geboortedatum": "Geboortedatum",
    "betrokkenen": "Andere namen",
}  # fmt: skip


# A group of boxes and a list are chosen from, not filled in.
CHOOSE: Final[Mapping[str, str]] = {
    "gronden": "Kies waar het om ging.",
    "terrein": "Kies waar in het dagelijks leven het gebeurde.",
}
FOLDED: Final[Mapping[str, tuple[str, ...]]] = {
    "subgronden": ("subgronden",),
    "namen": (
        "melder-naam", "melder-email", "melder-telefoon", "melder-adres", "melder-geboortedatum", "betrokkenen",
    ),
    "meer": ("behandeling", "massamelding", "taal", "kenmerk"),
}  # fmt: skip


@dataclass(slots=True)
class Filled:
    """What somebody filled in, and what is wrong with it by field."""

    values: dict[str, str]
    lists: dict[str, list[str]]
    faults: dict[str, str] = field(default_factory=dict)
    signal: Signal | None = None

    def summary(self) -> list[tuple[str, str]]:
        """What is wrong, each with the field it is about and that field's name in front."""
        chosen = set(CHOOSE.values())
        return [
            (name, sentence if sentence in chosen else f"{LABELS.get(name, 'Ontvangstcode')}: {sentence}")
            for name, sentence in self.faults.items()
        ]

    def opened(self) -> list[str]:
        """Which folded parts must be open: what is wrong or filled in must not be out of sight."""
        used = {name for name, value in self.values.items() if value} | {n for n, v in self.lists.items() if v}
        used = (used | set(self.faults)) - {"taal"} | ({"taal"} & set(self.faults))
        return [part for part, names in FOLDED.items() if used & set(names)]

    def hidden(self) -> list[tuple[str, str]]:
        """Everything as hidden fields, for the page between filling in and sending."""
        single = [(name, value) for name, value in self.values.items() if value and name != "ontvangstcode"]
        return single + [(name, value) for name, values in self.lists.items() for value in values]


def empty(code: str = "") -> Filled:
    """A form nobody filled in yet."""
    values = dict.fromkeys(SINGLE, "") | {"soort": "signaal", "taal": "nl", "ontvangstcode": code}
    return Filled(values, {name: [] for name in MANY})


def read(form: Form, rules: Rules) -> Filled:
    """What the form came to: a signal, or what is wrong with it."""
    filled = empty(form.first("ontvangstcode"))
    filled.values |= {name: form.first(name, filled.values[name]) for name in SINGLE}
    filled.lists = {name: form.all(name) for name in MANY}
    raw = _raw(filled)
    try:
        filled.signal = signals.parse_mapping(raw, rules)
    except ValidationError as error:
        for fault in signal_faults(error):
            parts = [part for part in fault["pointer"].split("/")[1:] if not part.isdecimal()]
            name = "-".join(parts) or "subgronden"
            missing = raw.get(name) is None and name in CHOOSE
            filled.faults.setdefault(name, CHOOSE[name] if missing else fault["detail"])
    if filled.signal is not None and filled.signal.kind in signals.REGISTERED_KINDS and not rules.may_register:
        filled.faults["soort"] = "Deze soort kan alleen het meldpunt sturen."
    for name in DATES:
        if filled.values[name] and imports.as_date(filled.values[name]) is None:
            filled.faults[name] = "Hier hoort een datum, zoals 31-12-2026."
    return filled


def _raw(filled: Filled) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    for name, value in filled.values.items():
        if not value or name == "ontvangstcode":
            continue
        group, _, inner = name.partition("-")
        kept: object = (imports.as_date(value) or value) if name in DATES else value
        if name == "betrokkenen":
            kept = tuple(line.strip() for line in value.splitlines() if line.strip())
        if name == "massamelding":
            kept = imports.slug(value)
        if inner:
            raw.setdefault(group, {})[inner] = kept
        else:
            raw[name] = kept
    return raw | {name: tuple(values) for name, values in filled.lists.items() if values}


def choices(intake: Intake, partner: storage.Partner | None) -> dict[str, Any]:
    """The closed lists of the form, for the municipality and the rights of whoever fills it in."""
    codes = intake.codes
    municipality = intake.municipalities.get(partner.municipality) if partner else intake.municipalities.default
    adv = partner is None or partner.adv
    kinds = [pair for pair in _pairs(codes.kinds) if adv or pair[0] not in signals.REGISTERED_KINDS]
    return {
        "adv": adv,
        "choices": {
            "soort": sorted(kinds, key=lambda pair: pair[0] != "signaal"),
            "terrein": _pairs(codes.terrains),
            "aard": _pairs(codes.natures),
            "voorval-plaats": _pairs(codes.incident_places),
            "voorval-wijk": _pairs(municipality.districts),
            "melderRol": _pairs(codes.reporter_roles),
            "inwonerschap": _pairs(codes.residency),
            "anonimiteit": _pairs(codes.anonymity),
        },
        "options": {
            "gronden": _triples(codes.grounds),
            "subgronden": _triples(codes.subgrounds),
            "behandeling": _triples(codes.handling),
        },
    }


def shown(filled: Filled, intake: Intake, partner: storage.Partner) -> list[tuple[str, str]]:
    """What was filled in, as people read it."""
    lists = choices(intake, partner)
    names = {name: dict(pairs) for name, pairs in lists["choices"].items()}
    names |= {name: {code: label for code, label, _ in triples} for name, triples in lists["options"].items()}
    pairs = []
    for name, label in LABELS.items():
        values = filled.lists[name] if name in MANY else [filled.values[name]]
        if name == "taal" and values == ["nl"]:
            continue
        text = ", ".join(names.get(name, {}).get(value, value) for value in values if value)
        if text:
            pairs.append((label, text))
    return pairs


def _pairs(code_list: CodeList) -> list[Option]:
    return [(code.code, code_list.label(code.code)) for code in code_list.in_order]


def _triples(code_list: CodeList) -> list[tuple[str, str, str]]:
    return [(code.code, code_list.label(code.code), code.help or "") for code in code_list.in_order]
