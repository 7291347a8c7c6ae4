# SPDX-License-Identifier: EUPL-1.2
"""Redacts one text: what was found where, the text without it, and the doubt left. Owns the order of the recognisers.

Pure: no file, clock, log or environment. Never raises on any text; a text it cannot judge goes to review.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from services.anonymizer import doubt as doubts
from services.anonymizer import people
from services.anonymizer.lexicon import Lexicon
from services.anonymizer.normalise import Normalised, normalise
from services.anonymizer.reading import Reading, Span, read
from services.anonymizer.recognisers.addresses import mark_addresses, mark_house_numbers
from services.anonymizer.recognisers.addresses_odd import mark_foreign_streets, mark_odd_addresses, mark_units
from services.anonymizer.recognisers.addresses_placed import mark_addresses_of_named, mark_placed_addresses
from services.anonymizer.recognisers.ages import mark_ages, mark_ages_of_named, mark_children
from services.anonymizer.recognisers.ages_listed import mark_listed_ages
from services.anonymizer.recognisers.ages_placed import mark_placed_ages
from services.anonymizer.recognisers.ages_predicated import mark_predicated_ages
from services.anonymizer.recognisers.ages_said import mark_said_ages
from services.anonymizer.recognisers.ages_told import mark_told_ages
from services.anonymizer.recognisers.bare import mark_bare, mark_nicknames
from services.anonymizer.recognisers.brands import mark_brands
from services.anonymizer.recognisers.broken import mark_broken
from services.anonymizer.recognisers.capitals import extend_left, mark_capitalised
from services.anonymizer.recognisers.cues import mark_cued
from services.anonymizer.recognisers.dates import MONTHS, mark_dates
from services.anonymizer.recognisers.days import mark_days
from services.anonymizer.recognisers.days_told import mark_spans_of_days, mark_told_days
from services.anonymizer.recognisers.details import mark_details
from services.anonymizer.recognisers.dictated import mark_dictated_codes
from services.anonymizer.recognisers.firms import mark_firms
from services.anonymizer.recognisers.firms_lower import mark_lower
from services.anonymizer.recognisers.firms_named import mark_named_firms
from services.anonymizer.recognisers.firms_shaped import mark_broken_firms, mark_shaped_firms, mark_signed_firms
from services.anonymizer.recognisers.floods import mark_flood
from services.anonymizer.recognisers.formats import mark_formats
from services.anonymizer.recognisers.formats_spoken import mark_spoken_formats
from services.anonymizer.recognisers.functions import mark_functions
from services.anonymizer.recognisers.holders import mark_holders
from services.anonymizer.recognisers.ids import mark_ids
from services.anonymizer.recognisers.judged import mark_judged
from services.anonymizer.recognisers.keep import mark_kept
from services.anonymizer.recognisers.kinds import mark_kinds
from services.anonymizer.recognisers.letters import mark_letters
from services.anonymizer.recognisers.listed import mark_listed
from services.anonymizer.recognisers.lowercase import mark_lowercase
from services.anonymizer.recognisers.memory import mark_firms_again, mark_known, mark_remembered
from services.anonymizer.recognisers.numbers import mark_numbers
from services.anonymizer.recognisers.numbers_partial import mark_masked_numbers, mark_partial_numbers
from services.anonymizer.recognisers.organisations import mark_organisations
from services.anonymizer.recognisers.personal import mark_beside_names, mark_presented
from services.anonymizer.recognisers.plates import mark_plates
from services.anonymizer.recognisers.plates_apart import mark_plates_apart
from services.anonymizer.recognisers.shortened import mark_shortened
from services.anonymizer.recognisers.spot_chains import mark_spot_chains
from services.anonymizer.recognisers.spot_tails import mark_spot_tails
from services.anonymizer.recognisers.streets import mark_streets_like_dates
from services.anonymizer.recognisers.told_names import mark_surnames, mark_told

ORDER: Final[tuple[Callable[[Reading], None], ...]] = (
    mark_flood,
    mark_kinds,
    mark_spoken_formats,
    mark_plates,
    mark_masked_numbers,
    mark_dictated_codes,
    mark_formats,
    mark_streets_like_dates,
    mark_foreign_streets,
    mark_spans_of_days,
    mark_dates,
    mark_days,
    mark_told_days,
    mark_plates_apart,
    mark_ids,
    mark_numbers,
    mark_partial_numbers,
    mark_children,
    mark_odd_addresses,
    mark_addresses,
    mark_placed_addresses,
    mark_units,
    mark_named_firms,
    mark_broken,
    mark_listed,
    mark_told,
    mark_cued,
    mark_presented,
    mark_letters,
    mark_organisations,
    mark_firms,
    mark_shaped_firms,
    mark_lower,
    mark_brands,
    mark_broken_firms,
    mark_firms_again,
    mark_ages,
    mark_told_ages,
    mark_spot_chains,
    mark_predicated_ages,
    mark_said_ages,
    mark_listed_ages,
    mark_details,
    mark_spot_tails,
    mark_functions,
    mark_holders,
    mark_capitalised,
    extend_left,
    mark_bare,
    mark_lowercase,
    mark_judged,
    mark_surnames,
    mark_signed_firms,
    mark_nicknames,
    mark_beside_names,
    mark_ages_of_named,
    mark_placed_ages,
    mark_addresses_of_named,
    mark_house_numbers,
    mark_remembered,
    mark_shortened,
)
"""Formats first, since their digits would fool the later rules; memory last, since it needs what the others found."""

LABELS: Final = {
    "PERSON": "PERSOON",
    "EMAIL": "E-MAIL",
    "PHONE": "TELEFOON",
    "BSN": "BSN",
    "IBAN": "REKENINGNUMMER",
    "IP": "IP-ADRES",
    "URL": "WEBADRES",
    "SOCIAL_HANDLE": "ACCOUNT",
    "LICENSE_PLATE": "KENTEKEN",
    "ID_NUMBER": "NUMMER",
    "POSTCODE": "POSTCODE",
    "ADDRESS": "ADRES",
    "DATE_OF_BIRTH": "GEBOORTEDATUM",
    "DATE": "DATUM",
    "AGE": "LEEFTIJD",
    "ORGANISATION_SMALL": "ORGANISATIE",
    "JOB_UNIQUE": "FUNCTIE",
    "GEO_FINE": "PLEK",
}
"""What a reader sees in place of each type."""


_NUMBERS: Final = frozenset({"ID_NUMBER", "PHONE", "BSN", "IBAN", "EMAIL", "URL"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A redacted stretch of the ORIGINAL text, its type, and the placeholder that stands for it."""

    start: int
    end: int
    kind: str
    placeholder: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """The redacted text, its marks in order, how many of each type, and the doubt that is left."""

    text: str
    marks: tuple[Mark, ...]
    found: dict[str, int]
    doubt: tuple[str, ...]

    @property
    def review(self) -> bool:
        """Whether a person must look before anyone relies on this redaction."""
        return bool(self.doubt)


def redact(text: str, *, lexicon: Lexicon, known: Iterable[str] = (), local_words: Iterable[str] = ()) -> Redaction:
    """The text with everything personal replaced by typed placeholders.

    Shape: `known` are names given beside the text (redacted first, in every form); `local_words` are the municipality's
    own kept words (its name, districts).
    """
    normalised = normalise(text)
    local = tuple(local_words)
    reading = read(normalised.text, lexicon.with_local(local) if local else lexicon)
    _spare_placeholders(reading)
    mark_kept(reading)
    names = tuple(known)
    if names:
        mark_known(reading, tuple(normalise(name).text for name in names))
    for recogniser in ORDER:
        recogniser(reading)
    return _result(text, normalised, reading)


_MONTH_OR_BAND: Final = "|".join(sorted({*MONTHS, r"\d{1,2}"}, key=len, reverse=True))
_OWN_PLACEHOLDER: Final = re.compile(
    rf"\[(?:{'|'.join(LABELS.values())})(?:-\d{{1,5}}| (?:{_MONTH_OR_BAND})\.?(?: (?:19|20)\d\d)?| \d0-\d9| "
    rf"90\+)?\]",
    re.IGNORECASE,
)


def _spare_placeholders(reading: Reading) -> None:
    """Leave the placeholders of an earlier redaction alone, so that redacting again changes nothing."""
    if "[" in reading.text:
        for match in _OWN_PLACEHOLDER.finditer(reading.text):
            reading.reserve(*match.span())


def _result(text: str, normalised: Normalised, reading: Reading) -> Redaction:
    spans = sorted(reading.spans)
    numbers = people.numbered(reading, spans)
    marks: list[Mark] = []
    pieces: list[str] = []
    found: dict[str, int] = {}
    at = 0
    digits = " ".join(reading.text[span.start : span.end] for span in spans if span.kind in _NUMBERS)
    for index, span in enumerate(spans):
        start, end = normalised.original(span.start, span.end)
        if start < at or end <= start:
            continue
        placeholder = _placeholder(span, numbers[index], digits)
        marks.append(Mark(start, end, span.kind, placeholder))
        found[span.kind] = found.get(span.kind, 0) + 1
        pieces.append(text[at:start])
        pieces.append(placeholder)
        at = end
    pieces.append(text[at:])
    return Redaction("".join(pieces), tuple(marks), found, doubts.reasons(normalised, reading))


def _placeholder(span: Span, number: int, digits: str) -> str:
    """What stands for a span: its label, a number for persons and organisations, and what of it may stay.

    The year of a date is left out when it is also a part of a redacted number of this text.
    """
    label = LABELS[span.kind]
    if number:
        return f"{span.hint} [{label}-{number}]".lstrip()
    hint = span.hint
    if span.kind == "DATE" and hint[-4:].isdigit() and hint[-4:] in digits:
        hint = hint[:-4].rstrip()
    return f"[{label} {hint}]" if hint else f"[{label}]"
