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
        from notifications_python_client.errors import (  # noqa: PLC0415 - only where such a service is used
            HTTPError,
            InvalidResponse,
        )
        from notifications_python_client.notifications import NotificationsAPIClient  # noqa: PLC0415 - as above

        client: Any = NotificationsAPIClient(service.key, base_url=service.url, timeout=SECONDS)  # type: ignore[no-untyped-call]  # the library has no types
        try:
            client.send_email_notification(
                email_address=bundle.address, template_id=service.template, personalisation=words, reference=bundle.once
            )
        except HTTPError as error:
            return _by_status(error.status_code)
        except InvalidResponse:  # taken, though its answer cannot be read: sending again would be a second mail
            return Attempt("sent", "notify-unread")
        return Attempt("sent", "notify-201")

    return await asyncio.to_thread(hand_over)


def _by_status(status: int) -> Attempt:
    """Only what is said of this address is held against it; a wrong key or template is our own settings."""
    refused = status == 400
    return Attempt("refused" if refused else "later", f"notify-{status}")
