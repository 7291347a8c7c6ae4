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
        "Rapportages maken",
        "Maak het jaarlijkse formulier en het halfjaarbericht voor de raad.",
        "medewerkers van het meldpunt",
    ),
)
