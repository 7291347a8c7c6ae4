# SPDX-License-Identifier: EUPL-1.2
"""What of an alert may leave, as it stands on the wire.

Pure. Owns the list of fields: bands and codes, never the true counts that the alert keeps for itself.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from services.notifier.alerts import LEVELS, NEXT_STEP, STEPS, Alert, Step
from services.notifier.messages import Labels, Language, lowering, reasons, retraction, says_not, why
from shared.clock import rfc3339


def proposed_step(alert: Alert) -> Step:
    """The next step the alert proposes: never further than one on."""
    if alert.step == "signaleer":
        return NEXT_STEP.get(alert.level, "onderzoek")
    return STEPS[min(STEPS.index(alert.step) + 1, len(STEPS) - 1)]


def as_wire(
    alert: Alert, labels: Labels, *, receivers: Sequence[Mapping[str, Any]] = (), language: Language = "nl"
) -> dict[str, Any]:
    """The alert as readers get it."""
    district = alert.area.district
    place = {"soort": "wijk", "code": district} if district else {"soort": "gemeente", "code": alert.municipality}
    facts = alert.facts
    return {
        "id": alert.alert_id,
        "gemeente": alert.municipality,
        "niveau": alert.level,
        "niveauUitleg": LEVELS[alert.level],
        "stap": alert.step,
        "status": alert.status,
        "gebied": place,
        "grond": alert.area.ground,
        "terrein": alert.area.terrain,
        "periode": {"van": alert.since.isoformat(), "tot": alert.until.isoformat()},
        "waargenomen": str(facts.observed),
        "verwacht": str(facts.expected),
        "organisaties": str(facts.partners),
        "waarom": why(alert, labels, language),
        "redenen": reasons(alert, labels, language),
        "zegtNiet": says_not(language),
        "context": list(facts.context),
        "volledigheid": round(facts.completeness, 2),
        "voorstel": {"stap": proposed_step(alert), "uiterlijk": alert.due_on.isoformat()},
        "eigenaar": alert.owner,
        "oordeel": alert.verdict,
        "verlaagd": lowering(alert, language),
        "intrekking": retraction(alert, language),
        "ontvangers": list(receivers),
        "ontstaanOp": rfc3339(alert.raised_at),
        "bijgewerktOp": rfc3339(alert.changed_at),
        "vervaltOp": rfc3339(alert.expires_at),
    }


def state_of(alert: Alert, *, level: bool) -> dict[str, Any]:
    """What an interpretation changes, so that it can be undone.

    `level`: whether it sets one; a level that the machine raises meanwhile must survive the undoing of anything else.
    """
    return {
        **({"level": alert.level} if level else {}),
        "step": alert.step,
        "status": alert.status,
        "owner": alert.owner,
        "verdict": alert.verdict,
        "expires_at": alert.expires_at.isoformat(),
        "due_on": alert.due_on.isoformat(),
    }


def restored(state: Mapping[str, Any]) -> dict[str, Any]:
    """The values that `state_of` kept."""
    return {
        **state,
        "expires_at": dt.datetime.fromisoformat(state["expires_at"]),
        "due_on": dt.date.fromisoformat(state["due_on"]),
    }
