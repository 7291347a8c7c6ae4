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
        r = self.registry
        made = {
            "accepted": Counter("seinhuis_signals_accepted", "Signals durably accepted", ["way"], registry=r),
            "handled": Counter("seinhuis_events_handled", "Events whose effect is committed", ["service", "topic"], registry=r),
            "buried": Counter("seinhuis_dead_letters", "Messages set aside", ["service", "topic", "code"], registry=r),
            "retried": Counter("seinhuis_batches_retried", "Batches tried again", ["service", "topic"], registry=r),
            "halted": Gauge("seinhuis_consumption_halted", "1 while consuming has stopped", ["service", "topic"], registry=r),
            "published": Counter("seinhuis_events_published", "Events acknowledged by the bus", ["service"], registry=r),
            "outbox_rows": Gauge("seinhuis_outbox_rows", "Events waiting to be published", ["service"], registry=r),
            "batch_seconds": Histogram("seinhuis_batch_seconds", "Time to handle one batch", ["service", "topic"], registry=r),
            "requests": Counter("seinhuis_http_requests", "Requests answered", ["service", "status"], registry=r),
            "job_runs": Counter("seinhuis_job_runs", "Periodic jobs run", ["service", "job", "outcome"], registry=r),
            "redaction_seconds": Histogram("seinhuis_redaction_seconds", "Time to redact one text", registry=r),
            "deleted": Counter("seinhuis_rows_deleted", "Rows deleted by a retention rule", ["service", "rule"], registry=r),
            "sent": Counter("seinhuis_messages_sent", "Messages sent to receivers", ["channel", "outcome"], registry=r),
            "conservation": Gauge("seinhuis_signals", "Signals by where they are", ["state"], registry=r),
        }  # fmt: skip
        for name, metric in made.items():
            object.__setattr__(self, name, metric)
