# SPDX-License-Identifier: EUPL-1.2
"""Every metric of the house, in one list.

Owns names, help texts and labels. Labels are closed sets (service, topic, outcome, code): never district by ground,
never anything a person sent.
"""

from dataclasses import dataclass, field

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


@dataclass(frozen=True, slots=True)
class Metrics:
    """The metrics of one process, all on one registry."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    accepted: Counter = field(init=False)
    handled: Counter = field(init=False)
    buried: Counter = field(init=False)
    retried: Counter = field(init=False)
    halted: Gauge = field(init=False)
    published: Counter = field(init=False)
    outbox_rows: Gauge = field(init=False)
    batch_seconds: Histogram = field(init=False)
    requests: Counter = field(init=False)
    job_runs: Counter = field(init=False)
    redaction_seconds: Histogram = field(init=False)
    deleted: Counter = field(init=False)
    sent: Counter = field(init=False)
    conservation: Gauge = field(init=False)

    def __post_init__(self) -> None:
        service, topic = "service", "topic"
        made: dict[str, tuple[type[Counter | Gauge | Histogram], str, str, list[str]]] = {
            "accepted": (Counter, "signals_accepted", "Signals durably accepted", ["way"]),
            "handled": (Counter, "events_handled", "Events whose effect is committed", [service, topic]),
            "buried": (Counter, "dead_letters", "Messages set aside", [service, topic, "code"]),
            "retried": (Counter, "batches_retried", "Batches tried again", [service, topic]),
            "halted": (Gauge, "consumption_halted", "1 while consuming has stopped", [service, topic]),
            "published": (Counter, "events_published", "Events acknowledged by the bus", [service]),
            "outbox_rows": (Gauge, "outbox_rows", "Events waiting to be published", [service]),
            "batch_seconds": (Histogram, "batch_seconds", "Time to handle one batch", [service, topic]),
            "requests": (Counter, "http_requests", "Requests answered", [service, "status"]),
            "job_runs": (Counter, "job_runs", "Periodic jobs run", [service, "job", "outcome"]),
            "redaction_seconds": (Histogram, "redaction_seconds", "Time to redact one text", []),
            "deleted": (Counter, "rows_deleted", "Rows deleted by a retention rule", [service, "rule"]),
            "sent": (Counter, "messages_sent", "Messages sent to receivers", ["channel", "outcome"]),
            "conservation": (Gauge, "signals", "Signals by where they are", ["state"]),
        }
        for field_name, (kind, name, text, labels) in made.items():
            object.__setattr__(self, field_name, kind(f"seinhuis_{name}", text, labels, registry=self.registry))
