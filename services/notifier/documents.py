# SPDX-License-Identifier: EUPL-1.2
"""What the API answers, as the published document describes it.

Owns descriptions of answers only; the answers themselves are made by `shown` and the verbs.
"""

from typing import Any, Final

EXAMPLE_ALERT: Final[dict[str, Any]] = {
    "id": "0b1f8a52-6f3e-4c0e-9d5e-3f0c9f1f2a11",
    "gemeente": "GM0000",
    "niveau": 1,
    "niveauUitleg": "Aandacht: meer signalen dan verwacht, van genoeg organisaties. Voor het netwerk.",
    "stap": "signaleer",
    "status": "open",
    "gebied": {"soort": "wijk", "code": "noord"},
    "grond": "ras",
    "terrein": "onderwijs",
    "periode": {"van": "2026-10-12", "tot": "2026-11-02"},
    "waargenomen": "10-19",
    "verwacht": "2-5",
    "organisaties": "3-4",
    "waarom": "Tussen 12 oktober 2026 en 2 november 2026 kwamen er 10-19 signalen binnen.",
    "redenen": ["Tussen 12 oktober 2026 en 2 november 2026 kwamen er 10-19 signalen binnen."],
    "zegtNiet": "Dit zegt niet dat er meer discriminatie is.",
    "context": ["Week van Respect"],
    "volledigheid": 0.9,
    "voorstel": {"stap": "onderzoek", "uiterlijk": "2026-11-16"},
    "eigenaar": None,
    "oordeel": None,
    "verlaagd": None,
    "intrekking": None,
    "ontvangers": [{"rol": "netwerk", "kanaal": "mail", "aantal": 4}],
    "ontstaanOp": "2026-11-02T22:00:00Z",
    "bijgewerktOp": "2026-11-02T22:00:00Z",
    "vervaltOp": "2026-12-28T22:00:00Z",
}


def _text(description: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - JSON Schema keywords
    return {"type": "string", "description": description, **more}


def _object(description: str, properties: dict[str, Any], required: list[str] | None = None) -> dict[str, Any]:
    return {
        "type": "object",
        "description": description,
        "properties": properties,
        "required": required or list(properties),
    }


_OR_NOTHING: Final = {"type": ["string", "null"]}
ALERT: Final = _object(
    "Een attendering. Aantallen staan er alleen in als klasse.",
    {
        "id": _text("Kenmerk."),
        "gemeente": _text("Gemeentecode."),
        "niveau": {
            "type": "integer",
            "minimum": 0,
            "maximum": 3,
            "description": "0 beeld, 1 aandacht, 2 duiding nodig, 3 oplopend.",
        },
        "niveauUitleg": _text("Wat dit niveau betekent."),
        "stap": _text("Stap waarin de attendering is."),
        "status": _text("Toestand.", enum=["open", "geduid", "ingetrokken", "verlopen"]),
        "gebied": _object(
            "Waar.", {"soort": _text("Soort gebied.", enum=["wijk", "gemeente"]), "code": _text("Code.")}
        ),
        "grond": {**_OR_NOTHING, "description": "Grond, of niets als dat te herkenbaar is."},
        "terrein": {**_OR_NOTHING, "description": "Terrein, of niets."},
        "periode": _object(
            "Welke dagen.", {"van": _text("Eerste dag.", format="date"), "tot": _text("Laatste dag.", format="date")}
        ),
        "waargenomen": _text("Klasse van het aantal signalen."),
        "verwacht": _text("Klasse waarin het aantal meestal ligt."),
        "organisaties": _text("Klasse van het aantal organisaties."),
        "waarom": _text("Waarom deze attendering er is."),
        "redenen": {"type": "array", "items": {"type": "string"}, "description": "Hetzelfde, zin voor zin."},
        "zegtNiet": _text("Wat zij niet zegt."),
        "context": {"type": "array", "items": {"type": "string"}, "description": "Wat er bekend is over deze dagen."},
        "volledigheid": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "description": "Welk deel van de signalen naar schatting binnen is.",
        },
        "voorstel": _object("Volgende stap.", {"stap": _text("Stap."), "uiterlijk": _text("Datum.", format="date")}),
        "eigenaar": {**_OR_NOTHING, "description": "Wie dit oppakt."},
        "oordeel": {**_OR_NOTHING, "description": "Het laatste oordeel."},
        "verlaagd": {**_OR_NOTHING, "description": "Dat zij is verlaagd, en waarom."},
        "intrekking": {**_OR_NOTHING, "description": "Waarom zij is ingetrokken."},
        "ontvangers": {
            "type": "array",
            "items": {"type": "object"},
            "description": "Wie haar kreeg: rol, kanaal, aantal.",
        },
        "ontstaanOp": _text("Tijdstip van ontstaan.", format="date-time"),
        "bijgewerktOp": _text("Tijdstip van de laatste verandering.", format="date-time"),
        "vervaltOp": _text("Tijdstip van vervallen.", format="date-time"),
    },
)


def answer(description: str, schema: dict[str, Any], example: Any = None) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    """A successful answer as a route passes it in `responses`."""
    content: dict[str, Any] = {"schema": schema}
    if example is not None:
        content["example"] = example
    return {"description": description, "content": {"application/json": content}}


def many(name: str, description: str, item: dict[str, Any]) -> dict[str, Any]:
    """A collection under its name."""
    return _object(description, {name: {"type": "array", "items": item, "description": description}})


def anything(description: str) -> dict[str, Any]:
    """An object of which the fields are told in words."""
    return {"type": "object", "description": description}
