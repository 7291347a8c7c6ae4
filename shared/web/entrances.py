# SPDX-License-Identifier: EUPL-1.2
"""Where each kind of user goes from the home page, in plain words.

Owns the entrances. Never decides who may enter: each service does that at its own door.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Entrance:
    """One place to go, for whom, to do what."""

    href: str
    label: str
    text: str
    audience: str


ENTRANCES: Final = (
    Entrance(
        "/melden",
        "Een signaal doorgeven",
        "Vertel wat u zag of hoorde. Het kost ongeveer twee minuten. U kunt een signaal ook verbeteren of intrekken.",
        "medewerkers en vrijwilligers van partnerorganisaties",
    ),
    Entrance(
        "/cijfers",
        "Cijfers bekijken",
        "Zie hoeveel meldingen en signalen er zijn, per discriminatiegrond, terrein en wijk.",
        "iedereen; met een link ziet u wat bij uw rol hoort",
    ),
    Entrance(
        "/spanningen",
        "Spanningen volgen",
        "Lees waar meer binnenkomt dan verwacht. Geef uw eigen kijk daarop.",
        "gemeente, netwerk en het meldpunt",
    ),
    Entrance(
        "/beoordelen",
        "Signalen beoordelen",
        "Kijk na waar de computer niet zeker van was. De namen zijn al weggehaald.",
        "medewerkers van het meldpunt",
    ),
    Entrance(
        "/rapportages",
        "Rapportages lezen",
        "Lees het rapport voor de raad en het beeld van de wijken. Hier staat ook het jaarlijkse formulier.",
        "gemeente, raad, netwerk en het meldpunt",
    ),
    Entrance(
        "/publicaties",
        "Cijfers publiceren",
        "Maak beschermde tabellen van een afgelopen periode. Een collega keurt ze goed.",
        "medewerkers van het meldpunt",
    ),
)
