# SPDX-License-Identifier: EUPL-1.2
"""The council report and the district picture: which chapters, in which order, saying what.

Pure. Owns the outline of both. Every figure comes from a picture, so from releases; every sentence from `report_words`.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.stats import benchmarks, coverage_bands, report_words
from services.stats.benchmarks import Rate
from services.stats.catalogues import SEVERAL
from services.stats.report_pages import (
    Bars,
    Block,
    Chapter,
    DistrictMap,
    Facts,
    Points,
    Report,
    Table,
    Text,
    TileOnMap,
    Written,
    with_figures,
)  # fmt: skip
from services.stats.report_words import MassShare
from services.stats.reports import Codes, Figures, Picture, Span

COUNCIL: Final = "raad"
DISTRICTS: Final = "wijken"
KINDS: Final = (COUNCIL, DISTRICTS)
SLOTS: Final[Mapping[str, str]] = {
    "inleiding": "Vooraf",
    "duiding": "Duiding door het bureau",
    "vervolg": "Wat er nu gebeurt",
}
MOST_BARS: Final = 8
FEWEST_SHOWN: Final = 2  # a table with fewer figures than this tells nothing
DIMENSION_TITLES: Final[Mapping[str, str]] = {
    "grond": "Discriminatiegrond",
    "terrein": "Terrein",
    "aard": "Aard",
    "wijk": "Wijk",
}
EXPLAINED: Final[Mapping[str, str]] = {
    "grond": "De discriminatiegrond is het kenmerk waarom iemand anders is behandeld. Bijvoorbeeld leeftijd of geloof.",
    "terrein": "Het terrein is waar in het leven het gebeurde. Bijvoorbeeld op school, op het werk of op straat.",
    "aard": "De aard is wat er gebeurde. Bijvoorbeeld een vijandige bejegening of een bedreiging.",
}
Label = Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class Place:
    """What a report says of the municipality itself. `tiles`: district, column, row on the schematic map."""

    code: str
    name: str
    bureau: str
    tiles: tuple[tuple[str, int, int], ...]
    label: Label


@dataclass(frozen=True, slots=True)
class Material:
    """What a report is made from. `earlier`: the periods it is compared with; `senders`: a band of organisations.

    `mass`: how much belongs to mass reports, by period and count.
    """

    place: Place
    now: Picture
    earlier: tuple[tuple[Span, Picture | None], ...]
    written: Mapping[str, Written]
    titles: Mapping[str, str]
    senders: str
    regularity: Mapping[str, str]
    mass: Mapping[tuple[str, str], MassShare]
    own_rate: Rate | None
    rates: tuple[Rate, ...]
    as_of: dt.datetime

    @property
    def year_before(self) -> Picture | None:
        """The same period a year earlier."""
        return self.earlier[0][1]

    @property
    def pictures(self) -> list[Picture]:
        """Those earlier periods that have figures, then this one."""
        known = [self.now, *(one for _, one in self.earlier if one is not None)]
        return sorted(known, key=lambda one: one.span.days.last)


def council(material: Material) -> Report:
    """The report for the council."""
    counts = [*material.now.counts]
    chapters = [
        Chapter("kort", "In het kort", _in_short(material)),
        *_slot(material, "inleiding"),
        *(chapter for count in counts for chapter in _count_chapters(material, count)),
        Chapter("wijken", "Waar het gebeurde", tuple(_map_blocks(material))),
        *_slot(material, "duiding"),
        Chapter("bereik", "Wie er meldt", tuple(_coverage(material))),
        *_comparison(material),
        *_slot(material, "vervolg"),
        Chapter("methode", "Hoe is er geteld?", tuple(_method(material))),
    ]
    return _report(material, COUNCIL, "Meldingen van discriminatie", chapters)


def districts(material: Material) -> Report:
    """The picture of the districts."""
    chapters = [
        Chapter("kort", "In het kort", _districts_in_short(material)),
        *_slot(material, "inleiding"),
        Chapter("kaart", "De wijken naast elkaar", tuple(_map_blocks(material))),
        Chapter("per-wijk", "Per wijk", (Text(report_words.NOT_SHOWN),)),
        *(_district(material, code) for code in _district_codes(material)),
        *_slot(material, "duiding"),
        *_slot(material, "vervolg"),
        Chapter("methode", "Hoe is er geteld?", tuple(_method(material))),
    ]
    return _report(material, DISTRICTS, "Beeld van de wijken", chapters)


def _report(material: Material, kind: str, title: str, chapters: Sequence[Chapter]) -> Report:
    span, place = material.now.span, material.place
    return Report(
        kind=kind,
        municipality=place.code,
        period=span.name,
        title=f"{title}: {span.label}",
        subtitle=f"Gemeente {place.name}. Gemaakt door {place.bureau}.",
        concept=material.now.is_concept,
        as_of=material.as_of,
        chapters=tuple(chapters),
    )


def _in_short(material: Material) -> tuple[Block, ...]:
    items = []
    for count in material.now.counts:
        parts = [report_words.total_sentence(material.now, count, material.titles[count])]
        if material.now.total(count):
            span, then = material.earlier[0]
            parts.append(report_words.change_sentence(material.now, then, span, count))
            parts.append(_mass(material, material.now.span, count))
        items.append(" ".join(part for part in parts if part))
    return (Points(tuple(items)), Text(report_words.NOT_MORE, strong=True))


def _slot(material: Material, slot: str) -> list[Chapter]:
    written = material.written.get(slot)
    return [Chapter(slot, SLOTS[slot], (written,))] if written else []


def _count_chapters(material: Material, count: str) -> list[Chapter]:
    now, title = material.now, material.titles[count]
    sentences = [report_words.total_sentence(now, count, title), _mass(material, now.span, count)]
    for span, then in material.earlier:
        change = report_words.change_sentence(now, then, span, count)
        sentences += [change, _mass(material, span, count) if change and then else ""]
    blocks = (Text(" ".join(one for one in sentences if one)), _totals(material, count))
    chapters = [Chapter(count, title, blocks)]
    if now.total(count):
        chapters += [
            Chapter(f"{count}-{name}", DIMENSION_TITLES[name], tuple(_by(material, count, name)), level=3)
            for name in ("grond", "terrein", "aard")
            if now.by(count, name)
        ]
    return chapters


def _mass(material: Material, span: Span, count: str) -> str:
    share = material.mass.get((span.name, count), "weinig")
    return report_words.mass_sentence(share, span, compared_with=span is not material.now.span)


def _totals(material: Material, count: str) -> Table:
    rows = [(one.span.short, one.total(count)) for one in material.pictures]
    return Table(f"{material.titles[count]} per periode", ("Periode", "Aantal"), tuple(rows))


def _by(material: Material, count: str, dimension: str) -> list[Block]:
    now, words = material.now, report_words.wording(count, material.titles[count])
    figures = now.by(count, dimension)
    span, then = material.earlier[0]
    table, left_out = with_figures(_table(material, count, dimension))
    if sum(bool(number) for number in figures.values()) < FEWEST_SHOWN:
        return [Text(f"Er zijn te weinig {words.many} om {DIMENSION_TITLES[dimension].lower()} te laten zien.")]
    sentences = [
        EXPLAINED[dimension],
        report_words.most_named(figures, _lower(material, dimension)),
        report_words.hidden_sentence(figures),
    ]
    if then is not None and then.by(count, dimension):
        changed = report_words.changes(now, then, (count, dimension), _lower(material, dimension))
        sentences.append(report_words.changes_sentence(changed, words, span))
    ranked = sorted(figures.items(), key=lambda one: -(one[1] or 0))[:MOST_BARS]
    bars = tuple((_name(material, dimension, codes), number) for codes, number in ranked if number)
    title = f"{words.many.capitalize()} naar {DIMENSION_TITLES[dimension].lower()}, {now.span.short}"
    return [Text(" ".join(one for one in sentences if one)), Bars(title, bars, table), *_left_out(left_out)]


def _left_out(names: Sequence[str]) -> list[Block]:
    return [Text(f"Niet in de tabel, want nul of niet getoond: {', '.join(names).rstrip('.')}.")] if names else []


def _table(material: Material, count: str, dimension: str) -> Table:
    codes = dict.fromkeys(code for one in material.pictures for code in one.by(count, dimension))
    columns = [one.by(count, dimension) for one in material.pictures]
    return Table(
        f"{material.titles[count]} naar {DIMENSION_TITLES[dimension].lower()}",
        (DIMENSION_TITLES[dimension], *(one.span.short for one in material.pictures)),
        tuple((_name(material, dimension, code), *(column.get(code) for column in columns)) for code in codes),
        ("Totaal", *(one.total(count) for one in material.pictures)),
    )


def _name(material: Material, dimension: str, codes: Codes) -> str:
    return material.place.label(dimension, codes[0])


def _lower(material: Material, dimension: str) -> Callable[[str], str]:
    """The name inside a sentence; names of districts keep their capital."""

    def name(code: str) -> str:
        label = material.place.label(dimension, code)
        return label if dimension == "wijk" else label[:1].lower() + label[1:]

    return name


def _place_counts(material: Material) -> list[str]:
    return [count for count in material.now.counts if material.now.by(count, "wijk")]


def _map_blocks(material: Material) -> list[Block]:
    """A map per count with districts, signals first: they are the more numerous."""
    counts = sorted(_place_counts(material), key=lambda count: -(material.now.total(count) or 0))
    if not counts:
        return [Text("Over deze periode zijn er geen cijfers per wijk.")]
    blocks: list[Block] = [
        Text(
            "De kaart is een schema: elk vak is een wijk, ongeveer op zijn plaats. "
            "Een donker vak heeft meer meldingen. "
            "Dat zegt niet dat het er slechter gaat. Het kan ook zijn dat mensen daar makkelijker melden."
        )
    ]
    for count in counts:
        blocks += _one_map(material, count)
    return blocks


def _one_map(material: Material, count: str) -> list[Block]:
    figures, title = material.now.by(count, "wijk"), material.titles[count]
    table = _table(material, count, "wijk")
    sentence = report_words.hidden_sentence(figures)
    tiles = tuple(
        TileOnMap(material.place.label("wijk", code), column, row, figures.get((code,)))
        for code, column, row in material.place.tiles
    )
    blocks: list[Block] = [Text(sentence)] if sentence else []
    return [*blocks, DistrictMap(f"{title} per wijk, {material.now.span.short}", tiles, table) if tiles else table]


def _district_codes(material: Material) -> list[str]:
    return list(
        dict.fromkeys(codes[0] for count in _place_counts(material) for codes in material.now.by(count, "wijk"))
    )


def _districts_in_short(material: Material) -> tuple[Block, ...]:
    items = []
    for count in _place_counts(material):
        words, figures = report_words.wording(count, material.titles[count]), material.now.by(count, "wijk")
        top = report_words.most_named(figures, lambda code: material.place.label("wijk", code))
        start = report_words.total_sentence(material.now, count, material.titles[count])
        items.append(
            f"{start} {top}".strip() if top else f"{start} Per wijk zijn er te weinig {words.many} om te tonen."
        )
    return (Points(tuple(items)), Text(report_words.NOT_MORE, strong=True))


def _district(material: Material, code: str) -> Chapter:
    rows, sentences = [], []
    for count in _place_counts(material):
        rows.append((material.titles[count], *(one.by(count, "wijk").get((code,)) for one in material.pictures)))
        sentences.append(_district_change(material, count, code))
        pair = material.now.counts[count].tables.get(("grond", "wijk"), {})
        grounds: Figures = {(ground,): number for (ground, wijk), number in pair.items() if wijk == code}
        words = report_words.wording(count, material.titles[count])
        sentences.append(report_words.most_named(grounds, _lower(material, "grond"), what=words.many))
    table = Table(
        f"Aantallen in {material.place.label('wijk', code)}",
        ("Soort", *(one.span.short for one in material.pictures)),
        tuple(rows),
    )
    text = " ".join(one for one in sentences if one)
    return Chapter(
        f"wijk-{code}", material.place.label("wijk", code), (*([Text(text)] if text else []), table), level=3
    )


def _district_change(material: Material, count: str, code: str) -> str:
    then, words = material.year_before, report_words.wording(count, material.titles[count])
    number = material.now.by(count, "wijk").get((code,))
    before = then.by(count, "wijk").get((code,)) if then else None
    if then is None or number is None or before is None or not number + before:
        return ""
    way = report_words.compared(material.now, then, (number, before), bound=report_words.CERTAIN_AMONG_MANY)
    if way == "ongeveer evenveel":
        return f"Het aantal {words.many} verschilt niet duidelijk van een jaar eerder."
    return f"Er waren {way} {words.many} dan een jaar eerder: {number}, toen {before}."


def _coverage(material: Material) -> list[Block]:
    blocks: list[Block] = [
        Text(
            f"In deze periode gaven {material.senders} organisaties signalen door. "
            "Welke organisaties dat zijn, staat hier niet. Zo kan iedereen vrij melden."
        )
    ]
    if material.regularity:
        rows = tuple((name.capitalize(), band) for name, band in material.regularity.items())
        blocks.append(Table("Hoe vaak organisaties meldden", ("In de laatste vier kwartalen", "Organisaties"), rows))
    heard = []
    for count, dimension, what in (("signaal", "wijk", "wijken"), ("signaal", "grond", "gronden")):
        found = coverage_bands.heard(material.now.by(count, dimension), material.now.total(count))
        silent = [
            _lower(material, dimension)(code)
            for code, how in found.items()
            if how in {"weinig", "niet"} and code not in {SEVERAL, "onbekend", "overig-niet-wettelijk"}
        ]
        if silent:
            heard.append(f"Over deze {what} horen we weinig of niets: {', '.join(silent)}.")
    if heard:
        heard.append("Dat kan betekenen dat daar weinig gebeurt, of dat mensen daar de weg niet weten.")
        blocks.append(Points(tuple(heard)))
    return blocks


def _comparison(material: Material) -> list[Chapter]:
    own = material.own_rate
    if own is None or not material.rates:
        return []
    rows = [
        (f"{one.place} ({one.year})", _per(one.per_100_000), f"{_per(one.low)} - {_per(one.high)}", one.note)
        for one in (own, *material.rates)
    ]
    country = material.rates[0]
    blocks: tuple[Block, ...] = (
        Text(
            f"{own.place} had {_per(own.per_100_000)} klachten en meldingen per 100.000 inwoners in {own.year}. "
            f"{benchmarks.sentence(own, country)} Elk bureau telt anders, dus vergelijk met zorg."
        ),
        Table(
            "Klachten en meldingen per 100.000 inwoners",
            ("Plaats (jaar)", "Per 100.000", "Marge door toeval", "Let op"),
            tuple(rows),
        ),
        Text(
            "De marge zegt tussen welke waarden het cijfer door toeval kan liggen. "
            "De cijfers van anderen zijn eerder gepubliceerd. De bronnen staan op de pagina Vergelijken."
        ),
    )
    return [Chapter("vergelijken", "Vergelijking met andere plaatsen", blocks)]


def _per(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def _method(material: Material) -> list[Block]:
    parts = ", ".join(f"{one.period} (revisie {one.revision})" for one in material.now.parts)
    days, concept = material.now.span.days, material.now.is_concept
    facts = (
        ("Periode", f"{days.first:%d-%m-%Y} tot en met {days.last:%d-%m-%Y}, naar de dag van registratie"),
        ("Bron", f"{'Publicaties' if concept else 'Goedgekeurde publicaties'}: {parts}"),
        ("Regels", f"Tabellenboek {material.now.parts[0].catalogue_version}"),
        ("Goedgekeurd op", "nog niet" if concept else f"{material.now.as_of:%d-%m-%Y}"),
        ("Stand", "Concept: nog niet goedgekeurd" if concept else "Definitief voor deze revisie"),
    )
    return [Facts(facts), Points(METHOD)]


METHOD: Final = (
    "Een klacht of melding is door het bureau geregistreerd. Die telt mee voor de wet.",
    (
        "Een signaal komt van een organisatie die iets hoorde of zag. Signalen tellen we apart. "
        "Ze staan nooit in hetzelfde totaal."
    ),
    "Wie meer gronden noemt, telt één keer mee bij 'Meerdere gronden'.",
    "Massameldingen tellen mee. Veel mensen melden dan hetzelfde. Dat kan een groot verschil geven.",
    (
        "Een streepje betekent: dit aantal tonen we niet. Kleine aantallen laten we weg. "
        "Soms laten we ook een groter aantal weg, omdat iemand anders het kleine kan uitrekenen."
    ),
    (
        "Meer of minder zeggen we alleen als toeval het verschil niet goed verklaart. "
        "De kans op toeval is dan kleiner dan 5 procent, en bij losse regels kleiner dan 1 procent."
    ),
    "Cijfers kunnen later veranderen, als iemand een melding verbetert of intrekt. Dan komt er een nieuwe revisie.",
)
