# SPDX-License-Identifier: EUPL-1.2
"""API keys of partners: their form, and what is kept of them.

Pure. A key is recognisable by its prefix (secret scanners can find a leaked one) and by its check characters (a typing
error is told from a wrong key); only a keyed hash is stored.
"""

import base64
import hashlib
import hmac
import zlib
from typing import Final

KEY_PREFIX: Final = "shk_"
LINK_PREFIX: Final = "shl_"
TOKEN_PREFIX: Final = "sht_"  # noqa: S105 - how a token begins, not a token
RANDOM_BYTES: Final = 32


def from_random(raw: bytes, *, prefix: str = KEY_PREFIX) -> str:
    """The key for 32 random bytes: prefix, 52 characters, 7 check characters."""
    if len(raw) != RANDOM_BYTES:
        raise ValueError("a key holds 32 random bytes")
    body = base64.b32encode(raw).decode().rstrip("=").lower()
    return f"{prefix}{body}{_check(prefix + body)}"


def well_formed(key: str) -> bool:
    """Whether this can be a key at all; saves a look-up for anything else.

    >>> well_formed(from_random(bytes(32)))
    True
    >>> well_formed("shk_" + "a" * 59)
    False
    """
    return (
        key.startswith((KEY_PREFIX, LINK_PREFIX, TOKEN_PREFIX))
        and len(key) == 63
        and key.isascii()
        and key[-7:] == _check(key[:-7])
    )


def stored_hash(key: str, *, secret: bytes) -> str:
    """What is kept of a key."""
    return hmac.new(secret, b"credential\0" + key.encode(), hashlib.sha256).hexdigest()


def _check(text: str) -> str:
    return base64.b32encode(zlib.crc32(text.encode()).to_bytes(4, "big")).decode().rstrip("=").lower()
