# SPDX-License-Identifier: EUPL-1.2
"""Receipt codes forgive typing, catch errors and give nothing away; keys are recognisable and checked."""

import datetime as dt
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws
from joserfc.jwk import OKPKey

from services.intake import credentials, receipts
from services.intake.idempotency import repeat_key
from services.intake.limits import MAX_BUCKETS, RateLimit
from services.intake.receipt_proofs import ALGORITHM, TYPE, ReceiptSigner, jwk_set, verify
from shared.errors import Conflict, Rejected, TooMany

CODES = st.integers(min_value=0, max_value=(1 << receipts.RANDOM_BITS) - 1).map(receipts.from_random)


@given(CODES)
def test_given_a_code_when_typed_in_any_way_then_it_is_recognised(code: receipts.ReceiptCode) -> None:
    sloppy = code.lower().replace("-", " ").replace("0", "o").replace("1", "l")

    assert receipts.parse(sloppy) == receipts.parse(code) == code
    assert len(code) == 23


@given(CODES, st.integers(0, 19), st.integers(1, 31))
def test_given_one_wrong_symbol_when_typed_then_rejected(code: receipts.ReceiptCode, place: int, shift: int) -> None:
    symbols = list(code.replace("-", ""))
    symbols[place] = receipts.ALPHABET[(receipts.ALPHABET.index(symbols[place]) + shift) % 32]

    with pytest.raises(Rejected):
        receipts.parse("".join(symbols))


@given(CODES, st.integers(0, 18))
def test_given_two_neighbours_swapped_when_typed_then_rejected(code: receipts.ReceiptCode, place: int) -> None:
    symbols = list(code.replace("-", ""))
    symbols[place], symbols[place + 1] = symbols[place + 1], symbols[place]
    if "".join(symbols) == code.replace("-", ""):
        return

    with pytest.raises(Rejected):
        receipts.parse("".join(symbols))


@given(st.text(max_size=80))
def test_given_any_text_when_parsed_then_a_code_or_rejected(text: str) -> None:
    try:
        code = receipts.parse(text)
    except Rejected:
        return
    assert receipts.parse(code) == code


@given(CODES)
def test_given_a_code_when_derived_then_hash_case_and_id_are_unrelated(code: receipts.ReceiptCode) -> None:
    derived = {
        receipts.stored_hash(code, secret=b"s"), receipts.stored_hash(code, secret=b"t"), receipts.case_id(code),
        receipts.public_id(code), receipts.state_key(receipts.case_id(code), secret=b"s"),
    }  # fmt: skip

    assert len(derived) == 5
    assert not any(code.replace("-", "") in value for value in derived)


def test_given_a_proof_when_verified_then_its_claims_and_a_changed_one_is_rejected() -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    code = receipts.from_random(42)

    proof = ReceiptSigner(private).sign(code, b"body", received_at=dt.datetime(2026, 11, 2, 12, tzinfo=dt.UTC))
    claims = verify(proof, private.public_key())

    assert claims == {
        "id": receipts.public_id(code),
        "digest": receipts.content_digest(code, b"body"),
        "ontvangenOp": "2026-11-02T12:00:00Z",
    }
    for broken in (proof[:-2] + "AA", proof.replace(".", "", 1), "", "a.b.c"):
        with pytest.raises(Rejected):
            verify(broken, private.public_key())


@pytest.mark.parametrize(
    ("typ", "claims"),
    [
        (TYPE, {"id": "i", "digest": "d"}),
        (TYPE, {"id": "i", "digest": "d", "ontvangenOp": "2026-11-02T12:00:00Z", "meer": "x"}),
        ("JWT", {"id": "i", "digest": "d", "ontvangenOp": "2026-11-02T12:00:00Z"}),
        (None, {"id": "i", "digest": "d", "ontvangenOp": "2026-11-02T12:00:00Z"}),
    ],
    ids=["a claim less", "a claim more", "another type", "no type"],
)
def test_given_something_else_signed_with_the_same_key_when_verified_then_it_is_no_proof(
    typ: str | None, claims: dict[str, Any]
) -> None:
    private = Ed25519PrivateKey.from_private_bytes(bytes(32))
    header = {"alg": ALGORITHM} | ({"typ": typ} if typ else {})
    signed = jws.serialize_compact(header, json.dumps(claims), OKPKey.import_key(private), algorithms=[ALGORITHM])

    with pytest.raises(Rejected):
        verify(signed, private.public_key())


@pytest.mark.parametrize("number", [-1, 1 << receipts.RANDOM_BITS])
def test_given_a_number_beyond_the_code_when_a_receipt_is_made_then_refused(number: int) -> None:
    with pytest.raises(ValueError, match="90 bits"):
        receipts.from_random(number)


@pytest.mark.parametrize("size", [credentials.RANDOM_BYTES - 1, credentials.RANDOM_BYTES + 1])
def test_given_too_little_or_too_much_chance_when_a_key_is_made_then_refused(size: int) -> None:
    with pytest.raises(ValueError, match="32 random bytes"):
        credentials.from_random(bytes(size))


def test_given_the_key_set_when_published_then_it_has_no_private_part() -> None:
    keys = jwk_set(Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key())["keys"]

    assert [set(key) & {"d"} for key in keys] == [set()]
    assert keys[0]["crv"] == "Ed25519"


@given(st.binary(min_size=32, max_size=32), st.sampled_from([credentials.KEY_PREFIX, credentials.LINK_PREFIX]))
def test_given_a_key_when_made_then_well_formed_and_a_typing_error_is_not(raw: bytes, prefix: str) -> None:
    key = credentials.from_random(raw, prefix=prefix)

    assert credentials.well_formed(key)
    assert not credentials.well_formed(key[:10] + ("a" if key[10] != "a" else "b") + key[11:])


def test_given_an_answer_kept_when_repeated_then_the_same_body_opens_it_and_another_conflicts() -> None:
    mine = repeat_key("k1", partner_id="p", secret=b"s")
    kept = (mine.body_digest(b"body"), mine.encrypt(b"answer"))

    assert mine.open(kept, b"body") == b"answer"
    assert b"answer" not in kept[1]
    with pytest.raises(Conflict):
        mine.open(kept, b"other")
    with pytest.raises(Conflict):
        repeat_key("k2", partner_id="p", secret=b"s").open(kept, b"body")


def test_given_a_kept_answer_that_was_changed_when_opened_then_it_is_not_given() -> None:
    mine = repeat_key("k1", partner_id="p", secret=b"s")
    digest, answer = mine.body_digest(b"body"), mine.encrypt(b"answer")

    with pytest.raises(Conflict):
        mine.open((digest, answer[:-1] + bytes([answer[-1] ^ 1])), b"body")


@pytest.mark.parametrize("header", ["", "x" * 256])
def test_given_an_unusable_idempotency_key_when_used_then_rejected(header: str) -> None:
    with pytest.raises(Rejected):
        repeat_key(header, partner_id="p", secret=b"s")


def test_given_a_limit_when_used_up_then_refused_until_it_refills() -> None:
    limit = RateLimit(60)

    assert [limit.take("p", now=0.0) for _ in range(60)][-1] == 0
    with pytest.raises(TooMany) as caught:
        limit.take("p", now=0.0)
    assert caught.value.retry_after_seconds == 1
    assert limit.take("p", now=1.0) == 0
    assert limit.take("other", now=0.0) == 59
    assert RateLimit(0).take("p", now=0.0, count=10_000) == 0


def test_given_more_senders_than_are_kept_when_one_more_comes_then_only_then_all_are_forgotten() -> None:
    limit = RateLimit(1)
    for number in range(MAX_BUCKETS):
        limit.take(f"sender-{number}", now=0.0)

    with pytest.raises(TooMany):
        limit.take("sender-0", now=0.0)
    limit.take("one-more", now=0.0)

    assert limit.take("sender-0", now=0.0) == 0
    with pytest.raises(TooMany):
        limit.take("one-more", now=0.0)
