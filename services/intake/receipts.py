# SPDX-License-Identifier: EUPL-1.2
"""Receipt codes: what a sender keeps, and everything that follows from it.

Pure. The code is shown once; intake keeps a keyed hash only. The case id follows from the code alone, so that nobody
but the holder can join a signal to its case.
"""

import base64
import hashlib
import hmac
from typing import Final, NewType

from shared.contracts import CaseId
from shared.errors import FieldFault, Rejected

ReceiptCode = NewType("ReceiptCode", str)

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
DATA_SYMBOLS: Final = 18  # 90 random bits
CHECK_SYMBOLS: Final = 2
GROUP: Final = 5
RANDOM_BITS: Final = DATA_SYMBOLS * 5
# The largest prime under 32**2: every wrong symbol and every swap of two neighbours changes the remainder.
CHECK_PRIME: Final = 1021
_MALFORMED: Final[tuple[FieldFault, ...]] = (
    {"pointer": "/ontvangstcode", "detail": "Deze ontvangstcode klopt niet. Kijk of er een teken verkeerd staat."},
)
_FORGIVEN: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})


def from_random(number: int) -> ReceiptCode:
    """The code for a random number of 90 bits, in four groups of five.

    >>> from_random(0)
    '00000-00000-00000-00000'
    """
    if not 0 <= number < 1 << RANDOM_BITS:
        raise ValueError("a receipt code holds 90 bits")
    symbols = _symbols(number, DATA_SYMBOLS) + _symbols(number % CHECK_PRIME, CHECK_SYMBOLS)
    return ReceiptCode("-".join(symbols[at : at + GROUP] for at in range(0, len(symbols), GROUP)))


def parse(typed: str) -> ReceiptCode:
    """The code as it was shown, from what somebody typed: case, spaces, hyphens and O/0, I/L/1 are forgiven.

    Raises: Rejected `receipt_code_malformed` when it cannot be a code or its check symbols fail.
    """
    symbols = "".join(typed.upper().translate(_FORGIVEN).replace("-", " ").split())
    if len(symbols) != DATA_SYMBOLS + CHECK_SYMBOLS or not set(symbols) <= set(ALPHABET):
        raise Rejected("receipt_code_malformed", errors=_MALFORMED)
    number = 0
    for symbol in symbols[:DATA_SYMBOLS]:
        number = number * 32 + ALPHABET.index(symbol)
    code = from_random(number)
    if code.replace("-", "") != symbols:
        raise Rejected("receipt_code_malformed", errors=_MALFORMED)
    return code


def stored_hash(code: ReceiptCode, *, secret: bytes) -> str:
    """What intake keeps of a code: enough to recognise it, useless without the secret."""
    return _keyed(secret, b"receipt", code)


def case_id(code: ReceiptCode) -> CaseId:
    """The case that belongs to a code. It follows from the code alone; intake stores it nowhere."""
    return CaseId(_keyed(code.encode(), b"case", ""))


def public_id(code: ReceiptCode) -> str:
    """The id that stands in the signed receipt: shows that receipt and code belong together, and nothing else."""
    return _keyed(code.encode(), b"receipt-id", "")


def content_digest(code: ReceiptCode, body: bytes) -> str:
    """A digest of what was sent that only somebody with the code and the body can check."""
    return hmac.new(code.encode(), b"content" + body, hashlib.sha256).hexdigest()


def state_key(case: CaseId, *, secret: bytes) -> str:
    """Under which intake remembers how far a case got; the case id itself is stored nowhere."""
    return _keyed(secret, b"state", case)


def reference_hash(reference: str, *, partner_id: str, secret: bytes) -> str:
    """What is kept of a partner's own reference: enough to see that it comes twice, from this partner alone."""
    return _keyed(secret, b"reference", f"{partner_id}\0{reference}")


def _symbols(number: int, count: int) -> str:
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(count)))


def _keyed(key: bytes, label: bytes, value: str) -> str:
    digest = hmac.new(key, label + b"\0" + value.encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:24]).decode()
