# SPDX-License-Identifier: EUPL-1.2
"""A NotifyNL-compatible service in place of a mail relay: it holds the template, we hand over subject, text and link.

Owns the call. Never hands over what an alert says.
"""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from services.notifier.channel_mail import Links
from services.notifier.deliver import Attempt, Bundle
from services.notifier.messages import BODIES, SUBJECTS

SECONDS: Final = 30


@dataclass(frozen=True, slots=True)
class NotifyService:
    """Where it is and what it may do."""

    url: str
    key: str
    template: str


async def send(bundle: Bundle, links: Links, service: NotifyService) -> Attempt:
    """How the service took it. Its reference is the message's key, by which it can be looked up."""
    kind, language = bundle.first.kind, bundle.subscription.language
    asking = kind == "bevestiging"
    words = {
        "onderwerp": SUBJECTS[language][kind],
        "tekst": BODIES[language][kind],
        "link": links.confirm if asking else links.read,
        "afmelden": "" if asking else links.leave,
    }

    def hand_over() -> Attempt:
        from notifications_python_client.errors import HTTPError  # noqa: PLC0415 - only where such a service is used
        from notifications_python_client.notifications import NotificationsAPIClient  # noqa: PLC0415 - as above

        client: Any = NotificationsAPIClient(service.key, base_url=service.url, timeout=SECONDS)  # type: ignore[no-untyped-call]  # the library has no types
        try:
            client.send_email_notification(
                email_address=bundle.address, template_id=service.template, personalisation=words, reference=bundle.once
            )
        except HTTPError as error:
            refused = 400 <= error.status_code < 500 and error.status_code not in {401, 403, 408, 429}
            return Attempt("refused" if refused else "later", f"notify-{error.status_code}")
        return Attempt("sent", "notify-201")

    return await asyncio.to_thread(hand_over)
