# SPDX-License-Identifier: EUPL-1.2
"""The rules of review: why a text waits for a person, what can be decided, and what a decision does to the facts.

Pure. Owns the codes of reasons and decisions. Knows no table, no clock and no key.
"""

import datetime as dt
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from pydantic import BaseModel, ConfigDict

from services.anonymizer import doubt
from services.anonymizer.redacting import Placeholder, Redacted
from shared.contracts import SignalAnonymised
from shared.errors import Conflict

FAILED: Final = "redactie-mislukt"
SAMPLE: Final = "steekproef"
READ_LANGUAGES: Final = frozenset({"nl", "en", "de", "fr", "tr", "pl", "es", "pap"})
"""Languages in which redaction has been measured; a sender who names another one sends a text for review."""

REASONS: Final[Mapping[str, str]] = {
    FAILED: "De computer kon deze tekst niet verwerken. De tekst is daarom niet bewaard. Beoordeel alleen de codering.",
    doubt.SCRIPT: "De tekst bevat een ander schrift, bijvoorbeeld Arabisch. Daarin vindt de computer minder namen.",
    doubt.LANGUAGE: "De computer kent de taal van deze tekst niet goed genoeg.",
    doubt.CAPITALS: "Er staat een woord met een hoofdletter dat de computer niet kent. Het kan een naam zijn.",
    doubt.DIGITS: "Er staat een lange reeks cijfers. Het kan een nummer van iemand zijn.",
    doubt.LONG: "De tekst is erg lang. Daarin blijft sneller iets staan.",
    doubt.DISGUISED: "De tekst bevat vermomde tekens, bijvoorbeeld letters uit een ander alfabet.",
    doubt.UNKNOWN_WORDS: "De tekst bevat veel woorden die de computer niet kent.",
    SAMPLE: "Dit is een steekproef. De computer was zeker; u controleert of dat klopt.",
}
"""What each reason means, for the person who looks."""

UNNAMED_REASON: Final = "De computer was niet zeker van deze tekst."


class Decision(StrEnum):
    """What a person can decide about a case under review."""

    AGREED = "akkoord"
    CHANGED = "aangepast"
    NOT_COUNTED = "niet-meegeteld"
    AS_REPORT = "als-melding"


NOT_COUNTED_REASONS: Final[Mapping[str, str]] = {
    "geen-discriminatie": "Het gaat niet over discriminatie",
    "dubbel": "Dit is al eerder doorgegeven",
    "proef": "Dit is een proef of een grap",
    "onbegrijpelijk": "Niet te begrijpen waar het over gaat",
    "elders": "Hoort bij een andere gemeente of instantie",
    "op-verzoek": "De melder wil niet dat het meetelt",
    "anders": "Een andere reden",
}
"""Why a case may not count; a decision not to count names one of these."""


class Content(BaseModel):
    """What is known of a case under review. Exists outside memory only encrypted.

    Shape: `text` is the redacted text, None when redaction failed; `marks` lie on it (start, end, kind);
    `before` are the facts as they were before the decision, to undo it by. `put_back` are the ordinary words that the
    decision put in the place of placeholders, and `covered` the text with its marks as it is without them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    text: str | None
    marks: tuple[tuple[int, int, str], ...] = ()
    facts: SignalAnonymised
    before: SignalAnonymised | None = None
    note: str = ""
    put_back: tuple[str, ...] = ()
    covered: tuple[str, tuple[tuple[int, int, str], ...]] | None = None

    @property
    def redacted(self) -> Redacted:
        """The text with its placeholders."""
        return Redacted(self.text or "", tuple(Placeholder(*mark) for mark in self.marks), ())


def content_of(redacted: Redacted | None, facts: SignalAnonymised) -> Content:
    """The content of a new review."""
    if redacted is None:
        return Content(text=None, facts=facts)
    return Content(text=redacted.text, marks=marks_of(redacted), facts=facts)


def marks_of(redacted: Redacted) -> tuple[tuple[int, int, str], ...]:
    """The placeholders as they are kept."""
    return tuple((one.start, one.end, one.kind) for one in redacted.placeholders)


def reasons_for(
    redacted: Redacted | None, *, has_text: bool, language: str, case_id: str, share: float, secret: bytes
) -> tuple[str, ...]:
    """Why a person must look at this text; empty when nobody needs to. A signal without text has no reason."""
    if not has_text:
        return ()
    if redacted is None:
        return (FAILED,)
    reasons = list(redacted.doubt)
    named = language.lower().replace("_", "-").partition("-")[0]
    if named not in READ_LANGUAGES and doubt.LANGUAGE not in reasons:
        reasons.append(doubt.LANGUAGE)
    if not reasons and sampled(case_id, share=share, secret=secret):
        reasons.append(SAMPLE)
    return tuple(reasons)


def sampled(case_id: str, *, share: float, secret: bytes) -> bool:
    """Whether a case falls in the sample: the same answer each time, and nobody without the secret can predict it."""
    drawn = hmac.new(secret, b"review-sample\0" + case_id.encode(), hashlib.sha256).digest()[:8]
    return int.from_bytes(drawn, "big") < share * 2**64


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a decision makes of a case: its facts, and whether they count."""

    facts: SignalAnonymised
    counts: bool


def decided(
    decision: Decision, facts: SignalAnonymised, corrected: SignalAnonymised, *, revision: int, today: dt.date
) -> Outcome:
    """The facts after a decision, in their new revision; `corrected` is what the reviewer made of them.

    A signal that becomes a report counts as registered on the day of that decision: only then does the bureau
    register it (Wga: complaints registered in a calendar year). Raises: Conflict `only_a_signal`.
    """
    if decision is Decision.AS_REPORT:
        if facts.kind != "signaal":
            raise Conflict("only_a_signal")
        changes = {"kind": "melding", "registered_on": today, "revision": revision}
        return Outcome(corrected.model_copy(update=changes), counts=True)
    kept = corrected if decision is Decision.CHANGED else facts
    return Outcome(kept.model_copy(update={"revision": revision}), counts=decision is not Decision.NOT_COUNTED)
