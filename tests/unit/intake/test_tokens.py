# SPDX-License-Identifier: EUPL-1.2
"""OAuth 2.0 client credentials: a really signed statement gives a token, and nothing else does."""

import base64
import datetime as dt
import hashlib
import hmac
import json
from typing import Any, Final

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey

from services.intake import partners
from services.intake.client_assertions import ASSERTION_TYPE, RSA_BITS, public_keys
from shared.errors import Rejected
from tests.unit.intake.builders import API, NOW, signal
from tests.unit.intake.conftest import Room

AUDIENCE: Final = "http://127.0.0.1:8000/intake/v1/tokens"
KEY: Final = ECKey.generate_key("P-256", {"kid": "een"})
OTHER: Final = ECKey.generate_key("P-256", {"kid": "een"})


def jwks(*keys: Any) -> str:
    return json.dumps(KeySet(list(keys)).as_dict(private=False))


async def client_of(room: Room, name: str = "helpdesk", *, adv: bool = False, keys: str | None = None) -> str:
    """The client id of a new partner whose system may sign."""
    await room.partner(name, adv=adv)
    async with room.database.transaction() as tx:
        return await partners.register_client(name, tx, jwks=keys or jwks(KEY), clock=room.clock)


def assertion(client_id: str, *, key: Any = KEY, alg: str = "ES256", **changes: Any) -> str:
    at = int(NOW.timestamp())
    claims = {"iss": client_id, "sub": client_id, "aud": AUDIENCE, "iat": at, "exp": at + 60, "jti": "a-1"} | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg, "kid": "een"}, claims, key, algorithms=[alg])


async def ask(client: httpx2.AsyncClient, signed: str, **changes: str) -> httpx2.Response:
    form = {"grant_type": "client_credentials", "client_assertion_type": ASSERTION_TYPE, "client_assertion": signed}
    return await client.post(f"{API}/tokens", data=form | changes)


async def test_given_a_signed_statement_when_asked_then_a_token_that_sends_and_ends(
    room: Room, client: httpx2.AsyncClient
) -> None:
    told = await ask(client, assertion(await client_of(room)))
    token = {"Authorization": f"Bearer {told.json()['access_token']}"}

    sent = await client.post(f"{API}/signalen", json=signal(), headers=token)
    room.clock.move_to(NOW + dt.timedelta(seconds=told.json()["expires_in"]))
    late = await client.post(f"{API}/signalen", json=signal(), headers=token)

    assert (told.status_code, told.json()["token_type"], told.headers["cache-control"]) == (200, "Bearer", "no-store")
    assert told.json()["scope"] == "importen signalen"
    assert (sent.status_code, late.status_code) == (201, 401)


@pytest.mark.parametrize(
    ("key", "alg"),
    [
        (RSAKey.generate_key(2048, {"kid": "een"}), "PS256"),
        (RSAKey.generate_key(2048, {"kid": "een"}), "RS256"),
        (OKPKey.generate_key("Ed25519", {"kid": "een"}), "Ed25519"),
        (ECKey.generate_key("P-384", {"kid": "een"}), "ES384"),
    ],
    ids=["PS256", "RS256", "Ed25519", "ES384"],
)
async def test_given_each_kind_of_key_when_signed_then_a_token(
    room: Room, client: httpx2.AsyncClient, key: Any, alg: str
) -> None:
    client_id = await client_of(room, keys=jwks(key))

    told = await ask(client, assertion(client_id, key=key, alg=alg))

    assert told.status_code == 200


async def test_given_a_used_statement_when_sent_again_then_refused(room: Room, client: httpx2.AsyncClient) -> None:
    client_id = await client_of(room)
    first = await ask(client, assertion(client_id))

    again = await ask(client, assertion(client_id))
    another_with_its_jti = await ask(client, assertion(client_id, exp=int(NOW.timestamp()) + 90))
    fresh = await ask(client, assertion(client_id, jti="a-2"))

    answers = (first, again, another_with_its_jti, fresh)
    assert [one.status_code for one in answers] == [200, 401, 401, 200]
    assert again.json()["error"] == again.json()["code"] == "invalid_client"
    assert again.headers["content-type"] == "application/problem+json"


async def test_given_the_same_jti_of_two_clients_when_sent_then_both_are_good(
    room: Room, client: httpx2.AsyncClient
) -> None:
    one, two = await client_of(room, "een"), await client_of(room, "twee")

    assert (await ask(client, assertion(one))).status_code == 200
    assert (await ask(client, assertion(two))).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "http://127.0.0.1:8000/intake/v1"},
        {"aud": "https://elders.example/intake/v1/tokens"},
        {"aud": None},
        {"exp": int(NOW.timestamp()) - 60},
        {"exp": int(NOW.timestamp()) + 86_400},
        {"exp": None},
        {"exp": "morgen"},
        {"exp": 10**30},
        {"nbf": int(NOW.timestamp()) + 600},
        {"iat": int(NOW.timestamp()) + 600},
        {"sub": "een-ander"},
        {"sub": None},
        {"iss": "00000000-0000-0000-0000-000000000000"},
        {"iss": None},
        {"iss": ["x"]},
        {"jti": None},
        {"jti": ""},
        {"jti": "x" * 256},
        {"jti": 7},
    ],
    ids=str,
)
async def test_given_a_claim_that_is_wrong_when_sent_then_refused_without_saying_which(
    room: Room, client: httpx2.AsyncClient, changes: dict[str, Any]
) -> None:
    refused = await ask(client, assertion(await client_of(room), **changes))

    assert (refused.status_code, refused.json()["code"]) == (401, "invalid_client")
    assert "errors" not in refused.json()


async def test_given_another_key_or_none_when_signed_then_refused(room: Room, client: httpx2.AsyncClient) -> None:
    client_id = await client_of(room)
    header, claims, _signature = assertion(client_id).split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","kid":"een"}').rstrip(b"=").decode()
    shared = base64.urlsafe_b64encode(b'{"alg":"HS256","kid":"een"}').rstrip(b"=").decode()
    digest = hmac.new(KEY.as_pem(private=False), f"{shared}.{claims}".encode(), hashlib.sha256).digest()
    signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()  # the public key taken for a shared secret
    forged = [
        assertion(client_id, key=OTHER),
        f"{unsigned}.{claims}.",
        f"{header}.{claims}.",
        f"{shared}.{claims}.{signature}",
        "geen.jwt.hier",
        "x",
        "",
    ]

    statuses = [(await ask(client, one)).status_code for one in forged]

    assert statuses == [401] * len(forged)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": ""}, "invalid_request"),
        ({"client_assertion_type": "x"}, "invalid_request"),
        ({"scope": "adv"}, "invalid_scope"),
        ({"scope": "alles"}, "invalid_scope"),
    ],
)
async def test_given_a_request_that_is_wrong_when_asked_then_its_oauth_error(
    room: Room, client: httpx2.AsyncClient, changes: dict[str, str], code: str
) -> None:
    refused = await ask(client, assertion(await client_of(room)), **changes)

    assert (refused.status_code, refused.json()["error"]) == (400, code)


async def test_given_fewer_scopes_when_asked_then_the_token_can_do_no_more(
    room: Room, client: httpx2.AsyncClient
) -> None:
    told = await ask(client, assertion(await client_of(room, adv=True)), scope="signalen")
    token = {"Authorization": f"Bearer {told.json()['access_token']}"}

    kind = await client.post(f"{API}/signalen", json=signal(soort="klacht"), headers=token)
    imports = await client.get(f"{API}/importen/sjabloon", headers=token)
    plain = await client.post(f"{API}/signalen", json=signal(), headers=token)

    assert (kind.status_code, imports.status_code, plain.status_code) == (403, 403, 201)


async def test_given_a_revoked_partner_when_used_then_neither_token_nor_client_works(
    room: Room, client: httpx2.AsyncClient
) -> None:
    client_id = await client_of(room)
    token = {"Authorization": f"Bearer {(await ask(client, assertion(client_id))).json()['access_token']}"}
    async with room.database.transaction() as tx:
        await partners.revoke("helpdesk", tx, clock=room.clock)
    room.clock.move_to(NOW + dt.timedelta(seconds=1))

    assert (await client.get(f"{API}/overzichten", headers=token)).status_code == 401
    assert (await ask(client, assertion(client_id, jti="a-2"))).status_code == 401


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("geen json", "jwks_unreadable"),
        ('{"keys": 1}', "jwks_unreadable"),
        ('{"keys": [1]}', "jwks_unreadable"),
        ('{"keys": []}', "jwks_empty"),
        (json.dumps({"keys": [KEY.as_dict(private=False)] * 11}), "jwks_too_many"),
        (json.dumps({"keys": [KEY.as_dict(private=True)]}), "jwks_not_public"),
        (json.dumps({"keys": [OctKey.generate_key(256).as_dict()]}), "jwks_not_public"),
        ("[" * 5_000, "jwks_unreadable"),
    ],
    ids=["no json", "no list", "no key", "none", "eleven", "private", "shared", "deep"],
)
def test_given_a_file_that_is_no_set_of_public_keys_when_registered_then_refused(text: str, code: str) -> None:
    with pytest.raises(Rejected) as refusal:
        public_keys(text)

    assert refusal.value.code == code


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # the library warns of what we refuse
def test_given_an_rsa_key_just_under_the_least_length_when_registered_then_refused() -> None:
    with pytest.raises(Rejected) as refusal:
        public_keys(jwks(RSAKey.generate_key(RSA_BITS - 8)))

    assert (refusal.value.code, refusal.value.fields["bits"]) == ("jwks_key_too_short", RSA_BITS)


def test_given_one_bare_key_when_registered_then_taken() -> None:
    assert json.loads(public_keys(json.dumps(KEY.as_dict(private=False))))["keys"][0]["crv"] == "P-256"
