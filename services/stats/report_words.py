# SPDX-License-Identifier: EUPL-1.2
"""The sentences of a report, made from printed figures: plain Dutch, short, and never more than the figures say.

Pure. Owns when two figures may be called different, and the words for it. A report says "more reports", never "more
discrimination". A hidden count is told as hidden, and takes no part in a comparison.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import scipy  # loads `stats` when it is first asked for: sixty megabytes that only a report needs
from babel import Locale

from services.stats.catalogues import SEVERAL
from services.stats.reports import Figures, Picture, Span

CERTAIN: Final = 0.05  # one comparison: the usual bound
CERTAIN_AMONG_MANY: Final = 0.01  # per row of a table: with twenty rows one in twenty would come out by chance
MOST_NAMED: Final = 3
Direction = Literal["meer", "minder", "ongeveer evenveel"]
MassShare = Literal["weinig", "een deel", "meer dan de helft"]
FEW_MASS: Final = 10
Name = Callable[[str], str]
_DUTCH: Final = Locale("nl")
NOT_MORE: Final = (
    "Meer meldingen betekent niet dat er meer discriminatie is. Het kan ook zijn dat meer mensen de weg weten. "
    "De meeste mensen die discriminatie ervaren, melden het niet."
)
NOT_SHOWN: Final = "Kleine aantallen tonen we niet. Zo kan niemand afleiden om wie het gaat."


@dataclass(frozen=True, slots=True)
class Wording:
    """How a count is named: one of it, more of it, and the sentence that tells how many there were."""

    one: str
    many: str
    told: str = "In {period} was het aantal: {number}."


WORDINGS: Final[Mapping[str, Wording]] = {
    "wga": Wording("klacht of melding", "klachten en meldingen", "In {period} registreerde het bureau {number}."),
    "signaal": Wording("signaal", "signalen", "In {period} gaven organisaties {number} door."),
    "eigen-waarneming": Wording("eigen waarneming", "eigen waarnemingen", "In {period} had het bureau {number}."),
}


def wording(count: str, label: str = "") -> Wording:
    """The words for a count; one the program does not know is called by its label."""
    return WORDINGS.get(count) or Wording(label.lower(), label.lower())


def counted(number: int, words: Wording) -> str:
    """A number with what it counts.

    >>> counted(1, WORDINGS["signaal"]), counted(1204, WORDINGS["signaal"])
    ('1 signaal', '1.204 signalen')
    """
    return f"{dutch(number)} {words.one if _DUTCH.plural_form(number) == 'one' else words.many}"


def dutch(number: int) -> str:
    """A whole number as Dutch readers write it."""
    return f"{number:,}".replace(",", ".")


def direction(now: int, then: int, *, days_now: int, days_then: int, bound: float = CERTAIN) -> Direction:
    """Whether a count differs from an earlier one by more than chance gives, for periods of these lengths.

    Source: given their sum, two Poisson counts are binomial (Przyborowski and Wilenski 1940).

    >>> direction(60, 40, days_now=181, days_then=181), direction(41, 40, days_now=181, days_then=184)
    ('ongeveer evenveel', 'ongeveer evenveel')
    >>> direction(70, 40, days_now=181, days_then=181), direction(12, 40, days_now=181, days_then=181)
    ('meer', 'minder')
    """
    together = now + then
    share = days_now / (days_now + days_then)
    if together == 0 or scipy.stats.binomtest(now, together, share).pvalue >= bound:
        return "ongeveer evenveel"
    return "meer" if now > together * share else "minder"


def compared(now: Picture, then: Picture, numbers: tuple[int, int], *, bound: float = CERTAIN) -> Direction:
    """The direction from an earlier picture to this one, for two counts in them."""
    return direction(*numbers, days_now=now.span.length_days, days_then=then.span.length_days, bound=bound)


def total_sentence(picture: Picture, count: str, label: str = "") -> str:
    """How many there were."""
    words, total = wording(count, label), picture.total(count)
    if total is None:
        return f"Het aantal {words.many} in {picture.span.label} tonen we niet. Het is te klein."
    if total == 0:
        return f"In {picture.span.label} waren er geen {words.many}."
    return words.told.format(period=picture.span.label, number=counted(total, words))


def change_sentence(now: Picture, then: Picture | None, span: Span, count: str) -> str:
    """How that compares with an earlier period; says so when it cannot be compared."""
    total, before = now.total(count), then.total(count) if then else None
    if total is None:
        return ""
    if then is None:
        return f"Over {span.label} zijn er geen goedgekeurde cijfers om mee te vergelijken."
    if before is None:
        return f"Het aantal in {span.label} tonen we niet, dus vergelijken kan niet."
    found = compared(now, then, (total, before))
    if found == "ongeveer evenveel":
        return f"Dat verschilt niet duidelijk van {span.label}: toen waren het er {dutch(before)}."
    return f"Dat is {found} dan in {span.label}: toen waren het er {dutch(before)}."


def mass_share(mass: int, total: int) -> MassShare:
    """How much of a count belongs to mass reports, coarsely: an exact number could be subtracted from a cell.

    >>> mass_share(3, 40), mass_share(12, 40), mass_share(112, 155)
    ('weinig', 'een deel', 'meer dan de helft')
    """
    if mass < FEW_MASS:
        return "weinig"
    return "meer dan de helft" if 2 * mass > total else "een deel"


def mass_sentence(share: MassShare, span: Span, *, compared_with: bool) -> str:
    """What a reader must know of mass reports in a period; nothing when there were few."""
    if share == "weinig":
        return ""
    told = f"In {span.label} hoorde {share} bij een massamelding: veel mensen meldden toen hetzelfde."
    return f"{told} Vergelijk daarom met zorg." if compared_with else told


def mass_note(share: MassShare) -> str:
    """The same beside a number in a table.

    >>> mass_note("een deel"), mass_note("weinig")
    ('Waarvan een deel bij een massamelding', '')
    """
    return "" if share == "weinig" else f"Waarvan {share} bij een massamelding"


def most_named(figures: Figures, name: Name, *, what: str = "") -> str:
    """Which codes stand highest, of those that are shown; `what` they are of."""
    shown = [(codes[0], number) for codes, number in figures.items() if number and codes[0] != SEVERAL]
    top = sorted(shown, key=lambda one: -one[1])[:MOST_NAMED]
    if not top:
        return ""
    listed = _listed([f"{name(code)} ({dutch(number)})" for code, number in top])
    several = figures.get((SEVERAL,))
    also = f" {dutch(several)} keer zijn er meer gronden tegelijk genoemd." if several else ""
    return f"{f'Bij {what} het' if what else 'Het'} vaakst genoemd: {listed}.{also}"


def changes(now: Picture, then: Picture, table: tuple[str, str], name: Name) -> list[tuple[Direction, str, int, int]]:
    """The rows of a count by one dimension that differ from an earlier period by more than chance gives."""
    count, dimension = table
    before = then.by(count, dimension)
    found: list[tuple[Direction, str, int, int]] = []
    for codes, number in now.by(count, dimension).items():
        earlier = before.get(codes)
        if number is None or earlier is None:
            continue
        way = compared(now, then, (number, earlier), bound=CERTAIN_AMONG_MANY)
        if way != "ongeveer evenveel":
            found.append((way, name(codes[0]), number, earlier))
    return found


def changes_sentence(found: Sequence[tuple[Direction, str, int, int]], words: Wording, span: Span) -> str:
    """Those rows in words; that there are none is told too."""
    if not found:
        return f"In de afzonderlijke regels zien we geen duidelijk verschil met {span.label}."
    parts = [f"{way} {words.many} bij {label}: {dutch(now)}, toen {dutch(then)}" for way, label, now, then in found]
    return f"Anders dan in {span.label}: {_listed(parts, joiner='; ')}."


def hidden_sentence(figures: Figures) -> str:
    """How much of a table is not shown; empty when everything is."""
    hidden = sum(number is None for number in figures.values())
    if not hidden:
        return ""
    return f"Van de {dutch(len(figures))} aantallen tonen we er {dutch(hidden)} niet."


def _listed(parts: Sequence[str], *, joiner: str = ", ") -> str:
    if len(parts) < 2:
        return "".join(parts)
    return f"{joiner.join(parts[:-1])}{';' if joiner == '; ' else ''} en {parts[-1]}"
