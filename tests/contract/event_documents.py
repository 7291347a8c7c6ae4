# SPDX-License-Identifier: EUPL-1.2
"""The committed documents of the events: a JSON Schema each, and one AsyncAPI 3.0 document over all services.

Owns making them from the program itself: the models say what an event holds, each service's broker which topics it
reads, and its source which events it makes. Nothing here is a second list of them.
"""

import ast
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from shared import contracts
from shared.contracts import Event, SealedEvent

SERVICES_FOLDER: Final = Path(__file__).resolve().parents[2] / "services"
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
JSON: Final = "application/json"
HEADERS: Final[Mapping[str, str]] = {
    "ce_id": "the same whenever the event is sent again",
    "ce_source": "urn:nld:oin:<20 digits>:systeem:<name>",
    "ce_specversion": "1.0",
    "ce_type": "names the event and its version",
    "ce_time": "RFC 3339 in UTC; of events with coded facts rounded down to the hour",
    "content-type": JSON,
}


def schema_name(event: type[Event]) -> str:
    """The file name of the event's schema, without its ending."""
    return event.topic


def schema_of(event: type[Event]) -> dict[str, Any]:
    """The JSON Schema of the event's data."""
    made = event.model_json_schema(mode="serialization")
    return {"$schema": DRAFT, "$id": f"urn:seinhuis:event:{event.topic}", **made}


def asyncapi(described: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """One document over all services. Shape: `described` maps a service to its broker's own AsyncAPI document."""
    operations: dict[str, Any] = {}
    for event in contracts.EVENTS:
        channel = {"$ref": f"#/channels/{event.topic}"}
        messages = [{"$ref": f"#/channels/{event.topic}/messages/{event.__name__}"}]
        for service, document in described.items():
            if event.topic in {one["address"] for one in document["channels"].values()}:
                operations[f"{service}.receives.{event.__name__}"] = {
                    "action": "receive",
                    "channel": channel,
                    "messages": messages,
                    "bindings": {"kafka": {"groupId": {"type": "string", "const": service}}},
                }
            if makes(service, event):
                operations[f"{service}.sends.{event.__name__}"] = {
                    "action": "send",
                    "channel": channel,
                    "messages": messages,
                }
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Seinhuis",
            "version": "1.0.0",
            "description": "The events between the services: CloudEvents in binary mode, data as JSON, keyed by what "
            "keeps its order. What comes before the anonymizer is sealed; after it there are coded facts only.",
            "license": {"name": "EUPL-1.2", "url": "https://joinup.ec.europa.eu/collection/eupl/eupl-text-eupl-12"},
        },
        "defaultContentType": JSON,
        "channels": {topic.name: _channel(topic) for topic in contracts.TOPICS},
        "operations": operations,
        "components": {"messages": {event.__name__: _message(event) for event in contracts.EVENTS}},
    }


def makes(service: str, event: type[Event]) -> bool:
    """The service's source makes this event; a dead letter is made by whoever reads anything, in shared delivery."""
    if event is contracts.DeadLetterBuried:
        return True
    return event.__name__ in {name for path in (SERVICES_FOLDER / service).rglob("*.py") for name in _made_in(path)}


def _made_in(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr == "model_construct":
            called = called.value
        if isinstance(called, ast.Name):
            found.add(called.id)
        elif isinstance(called, ast.Attribute):
            found.add(called.attr)
    return found


def _channel(topic: contracts.Topic) -> dict[str, Any]:
    events = [event for event in contracts.EVENTS if event.topic == topic.name]
    return {
        "address": topic.name,
        "description": " ".join((events[0].__doc__ or "").split("\n")[0].split()),
        "messages": {event.__name__: {"$ref": f"#/components/messages/{event.__name__}"} for event in events},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {"retention.ms": topic.retention_seconds * 1_000},
            }
        },
    }


def _message(event: type[Event]) -> dict[str, Any]:
    sealed = issubclass(event, SealedEvent)
    headers: dict[str, Any] = {name: {"type": "string", "description": text} for name, text in HEADERS.items()}
    headers["ce_type"]["const"] = event.type
    if sealed:
        headers["traceparent"] = {"type": "string", "description": "W3C Trace Context; ends at the anonymizer"}
    return {
        "name": event.type,
        "title": event.__name__,
        "contentType": JSON,
        "headers": {"type": "object", "properties": headers, "required": list(HEADERS)},
        "payload": {"schemaFormat": f"application/schema+json;version={DRAFT}", "schema": _reference(event)},
    }


def _reference(event: type[Event]) -> dict[str, str]:
    return {"$ref": f"./schemas/{schema_name(event)}.json"}
