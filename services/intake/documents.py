# SPDX-License-Identifier: EUPL-1.2
"""What the OpenAPI document says about intake's bodies, answers and headers, with examples.

Owns descriptions only. The models that check a body stand with the rules; this file never decides anything.
"""

from typing import Any, Final

from services.intake.client_assertions import ASSERTION_TYPE
from services.intake.signals import Signal
from shared.vocabulary import CodeList, CodeLists

Part = dict[str, Any]
CODE: Final = "7K2QF-0M9ZD-XR4TB-C8NNK"
ABOUT_IDEMPOTENCY_KEY: Final = "Een eigen sleutel per aanvraag. Dezelfde aanvraag met dezelfde sleutel telt een keer."
KIND_NOT_ALLOWED: Final = "Met deze sleutel kunt u alleen de soort signaal sturen."
REFERENCE_TAKEN: Final = "Dit kenmerk is al gebruikt voor een ander signaal."

SIGNAL_EXAMPLE: Final[Part] = {
    "soort": "signaal",
    "gronden": ["ras"],
    "terrein": "arbeidsmarkt",
    "aard": "omstreden-behandeling",
    "melderRol": "getuige",
    "voorval": {"datum": "2026-11-03", "plaats": "in-gemeente"},
    "toelichting": "Iemand werd twee keer overgeslagen bij het verdelen van diensten.",
    "kenmerk": "2026-114",
}
RECEIPT_EXAMPLE: Final[Part] = {
    "ontvangstcode": CODE,
    "bewijs": "eyJhbGciOiJFZDI1NTE5In0.eyJpZCI6Ii4uLiJ9.c2ln",
    "ontvangenOp": "2026-11-21T20:00:00Z",
    "status": "ontvangen",
}
_TEXT: Final[Part] = {"type": "string"}
_MOMENT: Final[Part] = {"type": "string", "format": "date-time"}
_FAULT: Final[Part] = {
    "type": "object",
    "required": ["pointer", "detail"],
    "properties": {"pointer": {"type": "string", "description": "RFC 6901."}, "detail": _TEXT},
}
_RECEIPT: Final[Part] = {
    "type": "object",
    "required": ["ontvangstcode", "bewijs", "ontvangenOp", "status"],
    "properties": {
        "ontvangstcode": {"type": "string", "description": "Bewaar deze code. Zij wordt nergens anders bewaard."},
        "bewijs": {"type": "string", "description": "Compact JWS (RFC 7515), te controleren met /sleutels."},
        "ontvangenOp": _MOMENT,
        "status": {"type": "string", "enum": ["ontvangen"]},
        "waarschuwingen": {
            "type": "array",
            "items": {"type": "object", "properties": {"code": _TEXT, "detail": _TEXT}},
        },
    },
}
_RATE_HEADERS: Final[Part] = {
    "RateLimit": {
        "description": "Wat u deze minuut nog kunt sturen.",
        "schema": _TEXT,
        "example": '"minuut";r=599;t=60',
    },
    "RateLimit-Policy": {"description": "De afspraak.", "schema": _TEXT, "example": '"minuut";q=600;w=60'},
    "Idempotency-Replayed": {"description": "true als dit het antwoord van de eerste keer is.", "schema": _TEXT},
}
_LINKS: Final[Part] = {
    name: {"operationId": operation, "requestBody": {"ontvangstcode": "$response.body#/ontvangstcode"}}
    for name, operation in (("status", "vraagStatus"), ("intrekken", "trekIn"))
}


def _json(schema: Part, example: object) -> Part:
    return {"application/json": {"schema": schema, "example": example}}


def _answer(description: str, schema: Part, example: object, **more: object) -> Part:
    return {"description": description, "content": _json(schema, example), **more}


def _body(schema: Part, example: object) -> Part:
    return {"requestBody": {"required": True, "content": _json(schema, example)}}


def _object(required: list[str], **properties: object) -> Part:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def signal_schemas(codes: CodeLists) -> Part:
    """The schemas of a signal, for the components of the document, with the codes that can be chosen."""
    schema = Signal.model_json_schema(by_alias=True, ref_template="#/components/schemas/{model}")
    schemas: Part = schema.pop("$defs", {})
    schemas["Signal"] = schema
    for one in schemas.values():
        for name, shape in one["properties"].items():
            kinds = shape.get("anyOf", [])
            if any(kind.get("format") == "date" for kind in kinds):  # the design rules want the format at the top
                told = {key: value for key, value in shape.items() if key != "anyOf"}
                one["properties"][name] = {"type": ["string", "null"], "format": "date"} | told
    fields = schemas["Signal"]["properties"] | schemas["Incident"]["properties"]
    for name, code_list in _coded(codes).items():
        shape = fields[name]
        if shape.get("type") == "array":
            shape["uniqueItems"] = True
            shape = shape["items"]
        shape["enum"] = [code.code for code in code_list.in_order]
    fields["wijk"]["description"] = "Een code uit de lijst van uw gemeente; zie /codelijsten."
    return schemas


def _coded(codes: CodeLists) -> dict[str, CodeList]:
    """The fields whose codes are the same in every municipality."""
    return {
        "gronden": codes.grounds, "subgronden": codes.subgrounds, "terrein": codes.terrains, "aard": codes.natures,
        "melderRol": codes.reporter_roles, "anonimiteit": codes.anonymity, "inwonerschap": codes.residency,
        "behandeling": codes.handling, "plaats": codes.incident_places,
    }  # fmt: skip


def components(codes: CodeLists) -> Part:
    """What the document of this service holds beside its routes."""
    about = "Uw API-sleutel (shk_), of een toegangstoken (sht_) dat u bij /tokens vroeg."
    return {
        "schemas": signal_schemas(codes),
        "securitySchemes": {"sleutel": {"type": "http", "scheme": "bearer", "description": about}},
    }


KEY: Final[Part] = {"security": [{"sleutel": []}]}
_SIGNAL: Final[Part] = {"$ref": "#/components/schemas/Signal"}
SIGNAL_BODY: Final = KEY | _body(_SIGNAL, SIGNAL_EXAMPLE)
CODE_BODY: Final = _body(
    _object(["ontvangstcode"], ontvangstcode={"type": "string", "maxLength": 60}), {"ontvangstcode": CODE}
)
CORRECTION_BODY: Final = _body(
    _object(["ontvangstcode", "signaal"], ontvangstcode={"type": "string", "maxLength": 60}, signaal=_SIGNAL),
    {"ontvangstcode": CODE, "signaal": SIGNAL_EXAMPLE},
)
_LINES: Final = (
    "Hoogstens 1.000 signalen. Een regel die geen signaal is, krijgt zijn eigen fouten en houdt niets tegen."
)
BULK_BODY: Final = KEY | {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"type": "array", "description": _LINES, "items": {"anyOf": [_SIGNAL, {}]}},
                "example": [SIGNAL_EXAMPLE],
            },
            "application/x-ndjson": {"schema": {"type": "string", "description": "Een signaal per regel."}},
        },
    }
}
FILE_BODY: Final = KEY | {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": _object(
                    ["bestand"],
                    bestand={"type": "string", "contentMediaType": "application/octet-stream"},
                    kolommen={"type": "string", "description": "JSON: kop in het bestand -> kolom van het sjabloon."},
                )
            }
        },
    }
}

TOKEN_BODY: Final[Part] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {
                    "type": "object",
                    "required": ["grant_type", "client_assertion_type", "client_assertion"],
                    "properties": {
                        "grant_type": {"type": "string", "enum": ["client_credentials"]},
                        "client_assertion_type": {"type": "string", "enum": [ASSERTION_TYPE]},
                        "client_assertion": {
                            "type": "string",
                            "description": "JWT (RFC 7523), met uw eigen sleutel ondertekend: iss en sub uw client-id, "
                            "aud dit adres, exp hoogstens tien minuten vooruit, jti elke keer anders.",
                        },
                        "client_id": {"type": "string"},
                        "scope": {
                            "type": "string",
                            "pattern": "^(signalen|importen|adv)( (signalen|importen|adv))*$",
                            "description": "Spaties ertussen. Zonder: alles wat u mag.",
                        },
                    },
                }
            }
        },
    }
}
TOKEN: Final = _answer(
    "Een toegangstoken (RFC 6749). Stuur het mee als Bearer.",
    _object(
        ["access_token", "token_type", "expires_in", "scope"],
        access_token=_TEXT, token_type={"type": "string", "enum": ["Bearer"]}, expires_in={"type": "integer"},
        scope=_TEXT,
    ),
    {"access_token": "sht_...", "token_type": "Bearer", "expires_in": 900, "scope": "importen signalen"},
)  # fmt: skip

RECEIPT: Final = _answer("Veilig opgeslagen.", _RECEIPT, RECEIPT_EXAMPLE, headers=_RATE_HEADERS, links=_LINKS)
_STATUS_NAMES: Final = ["ontvangen", "in-beoordeling", "geteld", "niet-geteld", "ingetrokken"]
STATUS: Final = _answer(
    "Hoe ver het signaal is.",
    _object(
        ["status", "ontvangenOp", "bijgewerktOp"],
        status={"type": "string", "enum": _STATUS_NAMES}, ontvangenOp=_MOMENT, bijgewerktOp=_MOMENT,
    ),
    {"status": "geteld", "ontvangenOp": "2026-11-21T20:00:00Z", "bijgewerktOp": "2026-11-22T00:00:00Z"},
)  # fmt: skip
WITHDRAWN: Final = _answer("Ingetrokken.", _object(["status"], status=_TEXT), {"status": "ingetrokken"})
CORRECTED: Final = _answer("Verbeterd.", _object(["status"], status=_TEXT), {"status": "ontvangen"})
BULK: Final = _answer(
    "De uitkomst van elke regel.",
    _object(
        ["resultaten"],
        resultaten={
            "type": "array",
            "items": {
                "type": "object",
                "required": ["index", "status"],
                "properties": {
                    "index": {"type": "integer"},
                    "status": {"type": "integer", "enum": [201, 400, 403, 409, 413, 429]},
                    "ontvangstcode": _TEXT,
                    "bewijs": _TEXT,
                    "ontvangenOp": _MOMENT,
                    "herhaald": {"type": "boolean", "description": "Deze regel was al eerder gestuurd."},
                    "wachtSeconden": {"type": "integer"},
                    "fouten": {"type": "array", "items": _FAULT},
                    "waarschuwingen": _RECEIPT["properties"]["waarschuwingen"],
                },
            },
        },
    ),
    {"resultaten": [{"index": 0, "status": 201, "ontvangstcode": CODE}]},
)
CODE_LISTS: Final = _answer(
    "De codes.",
    {
        "type": "object",
        "properties": {"gemeente": _TEXT},
        "additionalProperties": {
            "type": "array",
            "items": _object(["code", "label", "labelEn"], code=_TEXT, label=_TEXT, labelEn=_TEXT, hoortBij=_TEXT),
        },
    },
    {"gemeente": "GM0000", "terreinen": [{"code": "onderwijs", "label": "Onderwijs", "labelEn": "Education"}]},
)
KEYS: Final = _answer(
    "JWK set (RFC 7517).",
    _object(["keys"], keys={"type": "array", "items": {"type": "object"}}),
    {"keys": [{"kty": "OKP", "crv": "Ed25519", "kid": "0f1e2d3c4b5a6978", "use": "sig", "alg": "Ed25519", "x": "..."}]},
)
_ROW_FAULTS: Final[Part] = {
    "type": "array",
    "items": _object(["rij", "kolom", "detail"], rij={"type": "integer"}, kolom=_TEXT, detail=_TEXT),
}
DRY_RUN: Final = _answer(
    "Het proefresultaat. Er is nog niets doorgestuurd.",
    _object(
        ["id", "rijen", "goed", "fouten", "waarschuwingen", "status"],
        id=_TEXT, rijen={"type": "integer"}, goed={"type": "integer"}, fouten=_ROW_FAULTS,
        waarschuwingen=_ROW_FAULTS, status={"type": "string", "enum": ["proef"]},
    ),
    {
        "id": "4f1d6a52-6c1e-4c7a-9d55-0b8c2b1f7a10", "rijen": 194, "goed": 193, "status": "proef",
        "fouten": [{"rij": 12, "kolom": "Datum voorval", "detail": "Hier hoort een datum, zoals 31-12-2026."}],
        "waarschuwingen": [],
    },
    links={
        name: {"operationId": operation, "parameters": {"import_id": "$response.body#/id"}}
        for name, operation in (
            ("volgen", "haalImport"), ("bevestigen", "bevestigImport"), ("intrekken", "trekImportIn")
        )
    },
)  # fmt: skip
IMPORT: Final = _answer(
    "Hoe ver de import is.",
    _object(
        ["id", "status", "rijen", "goed", "verwerkt"],
        id=_TEXT, status={"type": "string", "enum": ["proef", "bezig", "verwerkt", "ingetrokken"]},
        rijen={"type": "integer"}, goed={"type": "integer"}, verwerkt={"type": "integer"},
    ),
    {
        "id": "4f1d6a52-6c1e-4c7a-9d55-0b8c2b1f7a10", "status": "verwerkt", "rijen": 194, "goed": 193,
        "verwerkt": 193,
    },
)  # fmt: skip
TEMPLATE: Final = {
    "description": "Het lege sjabloon.",
    "content": {
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {
            "schema": {"type": "string", "contentMediaType": "application/octet-stream"}
        },
        "text/csv": {"schema": _TEXT, "example": "Soort;Gronden;Terrein"},
    },
}
OVERVIEW: Final = _answer(
    "Uw eigen signalen per maand, en uw sleutels.",
    _object(
        ["maanden", "sleutels"],
        maanden={
            "type": "array",
            "items": _object(
                ["maand", "verstuurd", "inBeoordeling", "geteld", "nietGeteld", "ingetrokken"],
                maand={"type": "string", "pattern": r"^\d{4}-\d{2}$"},
                **{
                    name: {"type": "integer"}
                    for name in ("verstuurd", "inBeoordeling", "geteld", "nietGeteld", "ingetrokken")
                },
            ),
        },
        sleutels={
            "type": "array",
            "items": _object(
                ["soort", "gemaaktDatum"],
                soort=_TEXT,
                **{
                    name: {"type": ["string", "null"], "format": "date"}
                    for name in ("gemaaktDatum", "verlooptDatum", "laatstGebruiktDatum")
                },
            ),
        },
    ),
    {
        "maanden": [
            {"maand": "2026-11", "verstuurd": 4, "inBeoordeling": 1, "geteld": 2, "nietGeteld": 0, "ingetrokken": 1}
        ],
        "sleutels": [
            {"soort": "key", "gemaaktDatum": "2026-01-02", "verlooptDatum": "2027-01-02", "laatstGebruiktDatum": None}
        ],
    },
)
