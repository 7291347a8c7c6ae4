# SPDX-License-Identifier: EUPL-1.2
"""File drop: each message a file, written whole or not at all. Also where mail goes when there is no relay.

Owns names of files. The name is the message's key, so that a second delivery writes over the first.
"""

import hashlib
import os
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import orjson

from services.notifier.deliver import Attempt, Bundle


def drop_event(bundle: Bundle, event: dict[str, Any], folder: Path) -> Attempt:
    """How it went: the event as a JSON file in the receiver's own folder."""
    return _write(folder / bundle.address, bundle.once, ".json", orjson.dumps(event))


def drop_mail(bundle: Bundle, message: EmailMessage, folder: Path) -> Attempt:
    """How it went: the mail as a file that any mail program opens."""
    return _write(folder / "mail", bundle.once, ".eml", message.as_bytes())


def _write(folder: Path, once: str, ending: str, content: bytes) -> Attempt:
    name = hashlib.sha256(once.encode()).hexdigest()[:40]
    partial = folder / f".{name}.partial"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / f"{name}{ending}")
    except OSError:
        return Attempt("later", "file-unwritable")
    return Attempt("sent", "file")
