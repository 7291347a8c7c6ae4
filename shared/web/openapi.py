# SPDX-License-Identifier: EUPL-1.2
"""The OpenAPI 3.1 document of a service, in the form the NLgov API Design Rules ask for.

Owns what is the same for every operation: version header, problem details, server, no 422. Pure: works on the
dictionary that FastAPI makes.
"""

import copy
from collections.abc import Iterator
from typing import Any, Final, TypedDict

from shared.web.problems import PROBLEM_JSON, TITLES

Document = dict[str, Any]
VERSION_HEADER: Final = {"$ref": "#/components/headers/API-Version"}
ALWAYS: Final = (406, 429, 500, 503)
WITH_BODY: Final = (413, 415)
CHANGING: Final = frozenset({"put", "post", "patch"})
OPERATIONS: Final = CHANGING | {"get", "delete"}


class Contact(TypedDict):
    """Who answers questions about an API."""

    name: str
    url: str
    email: str


PROBLEM_SCHEMA: Final[Document] = {
    "type": "object",
    "description": "RFC 9457. Herhaalt nooit een waarde die is gestuurd.",
    "required": ["status", "title", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "title": {"type": "string"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "Vaste code van deze fout."},
        "verzoekId": {"type": "string", "description": "Noem dit als u ons om hulp vraagt."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


def conforming(
    document: Document, *, prefix: str, version: str, contact: Contact, components: Document | None = None
) -> Document:
    """The document with the house's rules in it; the given one is left as it is.

    `components` are a service's own, for bodies that it reads itself and FastAPI does not know of.
    """
    made = copy.deepcopy(document)
    made["info"]["contact"] = dict(contact)
    base = f"{prefix}/v1"
    made["servers"] = [{"url": base}]
    made["paths"] = {path.removeprefix(base): item for path, item in made["paths"].items() if path.startswith(base)}
    own, components = components or {}, made.setdefault("components", {})
    for kind, parts in own.items():
        components.setdefault(kind, {}).update(copy.deepcopy(parts))
    schemas = components.setdefault("schemas", {})
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    schemas["Problem"] = copy.deepcopy(PROBLEM_SCHEMA)
    components["headers"] = {
        "API-Version": {"description": "Volledige versie van deze API.", "schema": {"type": "string"}}
    }  # fmt: skip
    components["headers"]["API-Version"]["example"] = version
    for method, operation in _operations(made):
        _complete(method, operation)
    return made


def _operations(document: Document) -> Iterator[tuple[str, Document]]:
    for item in document["paths"].values():
        for method, operation in item.items():
            if method in OPERATIONS:
                yield method, operation


def _complete(method: str, operation: Document) -> None:
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    changes = method in CHANGING  # a body may be read without being declared as a parameter
    wanted = [*ALWAYS, *((400, *WITH_BODY) if changes else (400,) if operation.get("parameters") else ())]
    if operation.get("security"):
        wanted += [401, 403]
    for status in wanted:
        responses.setdefault(str(status), {"description": TITLES[status]})
    for status, response in responses.items():
        if "$ref" in response:
            continue
        response.setdefault("headers", {}).setdefault("API-Version", VERSION_HEADER)
        if status.startswith(("4", "5")):
            response["content"] = {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        for shown in response.get("content", {}).values():
            if "example" in shown:
                _restore_nulls(shown["example"], shown.get("schema", {}))
    operation["responses"] = dict(sorted(responses.items()))


def _restore_nulls(example: Any, schema: Document) -> None:  # noqa: ANN401 - whatever an example holds
    """Put back what a required field holds when it holds nothing: FastAPI leaves every null out, of examples too."""
    if isinstance(example, list):
        for item in example:
            _restore_nulls(item, schema.get("items", {}))
    elif isinstance(example, dict):
        fields = schema.get("properties", {})
        for name in schema.get("required", ()):
            if name not in example and "null" in _types(fields.get(name, {})):
                example[name] = None
        for name, value in example.items():
            _restore_nulls(value, fields.get(name, {}))


def _types(schema: Document) -> list[str]:
    kinds = schema.get("type", [])
    found = [kinds] if isinstance(kinds, str) else list(kinds)
    return found + [kind for one in schema.get("anyOf", ()) for kind in _types(one)]
