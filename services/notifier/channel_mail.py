# SPDX-License-Identifier: EUPL-1.2
"""Mail: one message, text and HTML, always of the same size class, with a link and no content.

Owns the form of the mail and the talk with the relay. DKIM is the relay's. Never puts in a mail what an alert says.
"""

import asyncio
import datetime as dt
import hashlib
import html
import ssl
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final, Literal

import aiosmtplib

from services.notifier.deliver import Attempt, Bundle
from services.notifier.messages import BODIES, LINKS, SUBJECTS
from services.notifier.subscriptions import Kind, token

SIZE_CLASS_BYTES: Final = 8_192  # whoever watches the line cannot tell one kind of message from another
SECONDS: Final = 60.0
LONGEST_SECONDS: Final = 2 * SECONDS  # of one message
PLACES: Final[dict[Kind, str]] = {
    "overzicht": "/spanningen",
    "beeld": "/spanningen/beeld",
    "mededeling": "/spanningen/mededelingen",
    "storing": "/abonnementen",
}
_LINE: Final = 70
# Folding at 78 would put the way out in encoded words, which no mail program reads. Source: RFC 5322 2.1.1, RFC 8058.
UNFOLDED: Final = SMTP.clone(max_line_length=998)


@dataclass(frozen=True, slots=True)
class Relay:
    """Where mail goes. `tls`: `none` is for a relay on this machine."""

    host: str
    port: int
    sender: str
    tls: Literal["starttls", "tls", "none"] = "starttls"
    user: str | None = None
    password: str | None = None
    context: ssl.SSLContext | None = None
    seconds: float = SECONDS


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses a message may hold."""

    read: str
    leave: str
    confirm: str

    @classmethod
    def of(cls, bundle: Bundle, *, public_url: str, secret: bytes) -> "Links":
        """The addresses for one receiver."""
        identity, first = bundle.subscription.subscription_id, bundle.first
        place = PLACES.get(first.kind, f"/spanningen/{first.alert_id}" if first.alert_id else "/spanningen")
        return cls(
            read=f"{public_url}{place}",
            leave=f"{public_url}/abonnementen/afmelden/{token(secret, 'leave', identity)}",
            confirm=f"{public_url}/abonnementen/bevestigen/{token(secret, 'confirm', identity)}",
        )


def mail(bundle: Bundle, links: Links, *, sender: str, now: dt.datetime) -> EmailMessage:
    """The message; the same bundle always has the same Message-ID."""
    kind, language = bundle.first.kind, bundle.subscription.language
    asking = kind == "bevestiging"
    domain = sender.rpartition("@")[2]
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"] = f"Seinhuis <{sender}>", bundle.address
    message["Subject"] = SUBJECTS[language][kind]
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{hashlib.sha256(bundle.once.encode()).hexdigest()[:40]}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    if not asking:  # Source: RFC 8058
        message["List-Unsubscribe"] = f"<{links.leave}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    said = LINKS[language]
    call = (said["confirm"], links.confirm) if asking else (said["read"], links.read)
    end = [] if asking else [(said["leave"], links.leave)]
    paragraphs = [BODIES[language][kind], *([] if asking else [said["behind"]])]
    plain = [*paragraphs, *(f"{label}:\n{address}" for label, address in [call, *end])]
    message.set_content("\n\n".join(plain) + "\n", cte="quoted-printable")
    message.policy = UNFOLDED
    message.add_alternative(_page(message["Subject"], paragraphs, call, end, language), subtype="html", cte="7bit")
    return _padded(message)


def _page(title: str, paragraphs: list[str], call: tuple[str, str], end: list[tuple[str, str]], language: str) -> str:
    def ascii_text(text: str) -> str:
        return html.escape(text).encode("ascii", "xmlcharrefreplace").decode("ascii")

    links = [f'<p><a href="{html.escape(address)}">{ascii_text(label)}</a></p>' for label, address in [call, *end]]
    return "\n".join(
        [
            f'<!doctype html>\n<html lang="{language}">',
            f'<head><meta charset="utf-8"><title>{ascii_text(title)}</title></head>',
            '<body style="font-family: sans-serif; max-width: 36em; margin: 1.5em auto; line-height: 1.5">',
            f'<h1 style="font-size: 1.3em">{ascii_text(title)}</h1>',
            *(f"<p>{ascii_text(paragraph)}</p>" for paragraph in paragraphs),
            *links,
            "</body>\n</html>\n",
        ]
    )


def _padded(message: EmailMessage) -> EmailMessage:
    """The message, filled up with a comment to a whole number of size classes."""
    part = message.get_payload(1)
    page: str = part.get_content()  # type: ignore[union-attr]  # the second part is the page that was just added
    short = -(len(message.as_bytes()) + len("<!--\r\n-->\r\n")) % SIZE_CLASS_BYTES
    lines, rest = divmod(short, _LINE + 2)
    if rest == 1:  # a line of its own takes at least its end: borrow from the line before
        lines, rest = lines - 1, _LINE + 3
    filler = ["." * _LINE] * lines + (["." * (rest - 2)] if rest else [])
    part.set_content("\n".join([page.rstrip("\n"), "<!--", *filler, "-->", ""]), subtype="html", cte="7bit")  # type: ignore[union-attr]  # as above
    return message


async def send(message: EmailMessage, relay: Relay) -> Attempt:
    """How the relay took it. What it refuses for good is given up, everything else is tried again."""
    client = aiosmtplib.SMTP(
        hostname=relay.host,
        port=relay.port,
        username=relay.user,
        password=relay.password,
        use_tls=relay.tls == "tls",
        start_tls=relay.tls == "starttls",
        tls_context=relay.context,
        timeout=relay.seconds,
        local_hostname=relay.sender.rpartition("@")[2],
    )
    try:
        async with asyncio.timeout(2 * relay.seconds):
            await client.connect()
            # as bytes of our own: the library would fold the headers anew, through the middle of an address
            await client.sendmail(relay.sender, [str(message["To"])], message.as_bytes())
    except aiosmtplib.SMTPRecipientsRefused as error:
        return _by_code(error.recipients[0].code)
    except aiosmtplib.SMTPDataError as error:
        return _by_code(error.code)
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return Attempt("later", _trouble(error))
    finally:
        client.close()
    return Attempt("sent", "smtp-250")


def _trouble(error: Exception) -> str:
    """What is wrong between us and the relay, or with our own settings: nobody's address is to blame."""
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"smtp-{error.code}"
    tls = any(isinstance(one, ssl.SSLError) for one in (error, error.__cause__, error.__context__))
    return "smtp-tls" if tls else "smtp-away"


def _by_code(code: int) -> Attempt:
    return Attempt("refused" if 500 <= code < 600 else "later", f"smtp-{code}")
