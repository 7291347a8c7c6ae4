# SPDX-License-Identifier: EUPL-1.2
"""Every sentence an alert or a message says, in plain Dutch (B1) and in English.

Pure. Owns the wording. Speaks of more signals than expected, never of more discrimination; of areas and settings, never
of a person, an organisation or a group as cause. A test holds all of it against the list of words.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from services.notifier.alerts import Alert
from services.notifier.gate import Band
from services.notifier.picture import Picture
from services.notifier.subscriptions import Kind

Language = Literal["nl", "en"]

TEXTS: Final[Mapping[Language, Mapping[str, str]]] = {
    "nl": {
        "signals.one": "{n} signaal",
        "signals.other": "{n} signalen",
        "times.one": "{n} keer",
        "times.other": "{n} keer",
        "seen": "Tussen {since} en {until} kwamen er {signals} binnen over {subject}. Meestal zijn dat er {expected}.",
        "sources": "De signalen komen van {partners} organisaties.",
        "chance": "Zo'n patroon ontstaat hier door toeval ongeveer {times} per jaar.",
        "chance.rare": "Zo'n patroon ontstaat hier door toeval minder dan één keer per jaar.",
        "short": "Er is nog weinig verleden om mee te vergelijken. Lees dit daarom voorzichtig.",
        "climbed": "Om niemand herkenbaar te maken, is het gebied of onderwerp ruimer genomen.",
        "lowered": "Signalen zijn later gecorrigeerd of ingetrokken. Daarom is deze attendering verlaagd.",
        "complete": "De gegevens zijn naar schatting voor {share} compleet.",
        "allowed": "Er is rekening gehouden met {things}.",
        "allowed.campaign": "een campagne",
        "allowed.newcomer": "een nieuwe partner",
        "allowed.batches": "een partner die in stapels aanlevert",
        "allowed.late-uploads": "signalen die later binnenkomen",
        "and": " en ",
        "not": "Dit zegt niet dat er meer discriminatie is. Misschien is melden makkelijker geworden."
        " Het zegt niets over wie iets deed, en wijst geen persoon, groep of organisatie aan.",
        "subject.all": "alle gronden samen",
        "in.setting": " ({terrain})",
        "in.district": " in {district}",
        "in.city": " in de hele gemeente",
        "retraction.too-little-left": "Signalen zijn gecorrigeerd of ingetrokken."
        " Wat overblijft geeft geen reden meer voor deze attendering.",
        "picture.meer": "In {month} kwamen er meer signalen binnen dan meestal.",
        "picture.meestal": "In {month} kwamen er ongeveer zoveel signalen binnen als meestal.",
        "picture.minder": "In {month} kwamen er minder signalen binnen dan meestal.",
        "picture.onbekend": "Over {month} is nog niet te zeggen of er meer of minder binnenkwam dan meestal.",
        "picture.grounds": "Meer dan meestal ging het over {grounds}.",
        "picture.no-grounds": "Over geen enkele grond kwam duidelijk meer binnen dan meestal.",
        "picture.held": "Er was ook iets ongewoons dat te klein of te eenzijdig is om te tonen.",
        "picture.gaps": "Een of meer partners waren lang stil of laat. Het beeld is daarom niet compleet.",
        "retraction.by-hand": "Een medewerker heeft deze attendering ingetrokken.",
    },
    "en": {
        "signals.one": "{n} signal",
        "signals.other": "{n} signals",
        "times.one": "{n} time",
        "times.other": "{n} times",
        "seen": "Between {since} and {until}, {signals} came in about {subject}. Usually there are {expected}.",
        "sources": "The signals come from {partners} organisations.",
        "chance": "A pattern like this arises here by chance about {times} a year.",
        "chance.rare": "A pattern like this arises here by chance less than once a year.",
        "short": "There is little past to compare with yet. Read this with care.",
        "climbed": "To keep everybody unrecognisable, the area or the subject was taken wider.",
        "lowered": "Signals were corrected or withdrawn later. That is why this alert was lowered.",
        "complete": "The data is estimated to be {share} complete.",
        "allowed": "Taken into account: {things}.",
        "allowed.campaign": "a campaign",
        "allowed.newcomer": "a new partner",
        "allowed.batches": "a partner that delivers in batches",
        "allowed.late-uploads": "signals that come in later",
        "and": " and ",
        "not": "This does not say there is more discrimination. Perhaps reporting has become easier."
        " It says nothing about who did something, and points at no person, group or organisation.",
        "subject.all": "all grounds together",
        "in.setting": " ({terrain})",
        "in.district": " in {district}",
        "in.city": " in the whole municipality",
        "retraction.too-little-left": "Signals were corrected or withdrawn."
        " What is left gives no reason for this alert any more.",
        "picture.meer": "In {month} more signals came in than usual.",
        "picture.meestal": "In {month} about as many signals came in as usual.",
        "picture.minder": "In {month} fewer signals came in than usual.",
        "picture.onbekend": "For {month} it is too early to say whether more or fewer came in than usual.",
        "picture.grounds": "More than usual was about {grounds}.",
        "picture.no-grounds": "On no single ground clearly more came in than usual.",
        "picture.held": "There was also something unusual that is too small or too one-sided to show.",
        "picture.gaps": "One or more partners were silent for long, or late. So the picture is not complete.",
        "retraction.by-hand": "A member of staff took this alert back.",
    },
}

SUBJECTS: Final[Mapping[Language, Mapping[Kind, str]]] = {
    "nl": {
        "bevestiging": "Bevestig uw abonnement op attenderingen",
        "attendering": "Er is een nieuwe attendering",
        "gegroeid": "Een attendering is gegroeid",
        "verlaagd": "Een attendering is verlaagd",
        "ingetrokken": "Een attendering is ingetrokken",
        "herinnering": "Een attendering wacht op uw kijk",
        "overzicht": "Uw overzicht van attenderingen",
        "beeld": "Het beeld van de afgelopen maand",
        "storing": "Een van uw abonnementen werkt niet",
        "mededeling": "Er is een mededeling over de aanlevering",
    },
    "en": {
        "bevestiging": "Confirm your subscription to alerts",
        "attendering": "There is a new alert",
        "gegroeid": "An alert has grown",
        "verlaagd": "An alert was lowered",
        "ingetrokken": "An alert was taken back",
        "herinnering": "An alert waits for your view",
        "overzicht": "Your overview of alerts",
        "beeld": "The picture of the past month",
        "storing": "One of your subscriptions does not work",
        "mededeling": "There is a notice about what partners send",
    },
}
BODIES: Final[Mapping[Language, Mapping[Kind, str]]] = {
    "nl": {
        "bevestiging": "Iemand vroeg attenderingen aan voor dit adres. Was u dat? Bevestig het. Zo niet, doe niets.",
        "attendering": "Er komen ergens meer signalen binnen dan verwacht. Lees de attendering en geef uw kijk erop.",
        "gegroeid": "Over een eerdere attendering komt nog meer binnen dan verwacht. Lees wat er is veranderd.",
        "verlaagd": "Signalen achter een attendering zijn gecorrigeerd of ingetrokken. Zij is verlaagd.",
        "ingetrokken": "Een attendering die u kreeg, is ingetrokken. U hoeft er niets meer mee te doen. Lees waarom.",
        "herinnering": "De datum die bij een attendering was afgesproken, is er. Lees haar en geef uw kijk erop.",
        "overzicht": "Dit is uw vaste overzicht. Er zijn attenderingen bij gekomen of veranderd.",
        "beeld": "Het beeld van de afgelopen maand staat klaar. Neem het mee in uw overleg.",
        "storing": "Een bericht aan een ander adres van u kwam niet aan. Kijk of dat adres nog klopt.",
        "mededeling": "Een partner is stil of laat, of stuurt ineens veel meer. Lees wat er is en vraag het na.",
    },
    "en": {
        "bevestiging": "Somebody asked for alerts at this address. Was that you? Then confirm it. If not, do nothing.",
        "attendering": "Somewhere more signals come in than expected. Read the alert and give your view.",
        "gegroeid": "Still more signals than expected come in about an earlier alert. Read what has changed.",
        "verlaagd": "Signals behind an earlier alert were corrected or withdrawn. The alert was lowered.",
        "ingetrokken": "An alert that you received was taken back. You need to do nothing more with it. Read why.",
        "herinnering": "The date that was agreed for an alert has come. Read it and give your view.",
        "overzicht": "This is your regular overview. Alerts were added or have changed.",
        "beeld": "The picture of the past month is ready. Take it to your meeting.",
        "storing": "A message to another address of yours did not arrive. See whether that address is still right.",
        "mededeling": "A partner is silent or late, or suddenly sends much more. Read what it is and ask.",
    },
}
LINKS: Final[Mapping[Language, Mapping[str, str]]] = {
    "nl": {
        "confirm": "Bevestig uw abonnement",
        "read": "Lees verder op de beveiligde pagina",
        "leave": "Geen berichten meer? Meld u af",
        "behind": "In dit bericht staat niets over de inhoud. Die staat achter uw aanmelding.",
    },
    "en": {
        "confirm": "Confirm your subscription",
        "read": "Read on, on the protected page",
        "leave": "No more messages? Unsubscribe",
        "behind": "This message says nothing of the content. That is behind your sign-in.",
    },
}


@dataclass(frozen=True, slots=True)
class Labels:
    """How people read codes, in one language."""

    ground: Callable[[str], str]
    terrain: Callable[[str], str]
    district: Callable[[str], str]


def plural(language: Language, key: str, number: float, shown: str) -> str:
    """A number with its noun in the right form.

    >>> plural("nl", "signals", 1, "1"), plural("en", "signals", 9, "5-9")
    ('1 signaal', '5-9 signals')
    """
    form = Locale.parse(language).plural_form(number)
    texts = TEXTS[language]
    return texts.get(f"{key}.{form}", texts[f"{key}.other"]).format(n=shown)


def day(date: dt.date, language: Language) -> str:
    """A date as people read it.

    >>> day(dt.date(2026, 11, 2), "nl")
    '2 november 2026'
    """
    return format_date(date, "d MMMM y", locale=language)


def subject(alert: Alert, labels: Labels, language: Language) -> str:
    """What an alert is about, in words."""
    texts, area = TEXTS[language], alert.area
    about = labels.ground(area.ground) if area.ground else texts["subject.all"]
    setting = texts["in.setting"].format(terrain=labels.terrain(area.terrain)) if area.terrain else ""
    where = texts["in.district"].format(district=labels.district(area.district)) if area.district else texts["in.city"]
    return f"{about}{setting}{where}"


def why(alert: Alert, labels: Labels, language: Language = "nl") -> str:
    """Why the alert was raised, in bands."""
    return " ".join(reasons(alert, labels, language))


def reasons(alert: Alert, labels: Labels, language: Language = "nl") -> list[str]:
    """Why the alert was raised, thought by thought."""
    texts, facts = TEXTS[language], alert.facts
    seen = texts["seen"].format(
        since=day(alert.since, language),
        until=day(alert.until, language),
        signals=plural(language, "signals", facts.observed.high, _band(facts.observed, language)),
        subject=subject(alert, labels, language),
        expected=_band(facts.expected, language),
    )
    parts = [seen, texts["sources"].format(partners=_band(facts.partners, language)), _chance(alert, language)]
    parts += [texts[said] for said, holds in (("climbed", facts.climbed), ("lowered", facts.lowered)) if holds]
    named = [texts[f"allowed.{code}"] for code in facts.allowed_for if f"allowed.{code}" in texts]
    if named:
        parts.append(texts["allowed"].format(things=_listed(named, texts["and"])))
    share = format_percent(round(facts.completeness, 2), locale=language)
    parts.append(texts["complete"].format(share=share))
    return [part for part in parts if part]


def month_name(month: dt.date, language: Language) -> str:
    """A month as people read it.

    >>> month_name(dt.date(2026, 10, 1), "nl")
    'oktober 2026'
    """
    return format_date(month, "LLLL y", locale=language)


def picture_lines(picture: Picture, labels: Labels, language: Language = "nl") -> list[str]:
    """What the picture of a month says, thought by thought; no number in it."""
    texts = TEXTS[language]
    lines = [texts[f"picture.{picture.volume}"].format(month=month_name(picture.month, language))]
    named = [labels.ground(ground) for ground in picture.grounds]
    if named:
        lines.append(texts["picture.grounds"].format(grounds=_listed(named, texts["and"])))
    elif picture.volume != "onbekend":
        lines.append(texts["picture.no-grounds"])
    lines += [texts[f"picture.{said}"] for said, holds in (("held", picture.held), ("gaps", picture.gaps)) if holds]
    return lines


def _band(band: Band, language: Language) -> str:
    if band.low == band.high:
        return str(format_decimal(band.low, locale=language))
    return f"{format_decimal(band.low, locale=language)}-{format_decimal(band.high, locale=language)}"


def _chance(alert: Alert, language: Language) -> str:
    texts, rate = TEXTS[language], alert.facts.chance_per_year
    if "not-enough-history" in alert.facts.allowed_for:
        return texts["short"]
    if rate <= 0:
        return ""
    if rate < 1:
        return texts["chance.rare"]
    return texts["chance"].format(times=plural(language, "times", round(rate), str(round(rate))))


def _listed(parts: list[str], joined: str) -> str:
    return joined.join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def says_not(language: Language = "nl") -> str:
    """What an alert does not say."""
    return TEXTS[language]["not"]


def lowering(alert: Alert, language: Language = "nl") -> str | None:
    """That an alert was lowered, and why, or None when it was not."""
    return TEXTS[language]["lowered"] if alert.facts.lowered else None


def retraction(alert: Alert, language: Language = "nl") -> str | None:
    """Why an alert was taken back, or None when it was not."""
    return TEXTS[language][f"retraction.{alert.retraction}"] if alert.retraction else None
