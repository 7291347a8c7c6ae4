# SPDX-License-Identifier: EUPL-1.2
"""Who may do what, for every operation of the document: a new endpoint that nobody placed here fails.

Two questions. Function: which credential opens an operation at all. Object: what one partner made does not exist for
another, whatever is asked of it.
"""

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any, Final
from uuid import uuid4

import httpx2

from services.intake import credentials, partners
from services.intake.import_worker import ImportWorker
from services.intake.pages import COOKIE
from shared.access import Role, issue
from tests.contract.snapshots import document
from tests.unit.intake.builders import API, NOW, signal
from tests.unit.intake.conftest import Room

CSV: Final = b"Gronden;Terrein\nras;onderwijs\nleeftijd;arbeidsmarkt\n"
# Every operation without an id in its path, and why one partner can reach nothing of another through it.
NO_OBJECT: Final = {
    "stuurSignaal": "makes something new; what it answers again is bound to the partner's own Idempotency-Key",
    "stuurSignalen": "the same, for many",
    "probeerImport": "makes something new for the partner of the key",
    "haalSjabloon": "the same for everybody of a municipality",
    "haalOverzicht": "the partner of the key, and no parameter to name another",
    "haalCodelijsten": "public",
    "haalSleutels": "public",
    "vraagStatus": "whoever holds the code, whichever partner sent it",
    "trekIn": "whoever holds the code",
    "corrigeer": "whoever holds the code",
    "vraagToken": "bound to the client that signed",
}
SCOPE: Final = {"importen": ("probeerImport", "haalSjabloon", "haalImport", "bevestigImport", "trekImportIn")}


def operations(tmp: Any) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of every operation in the document."""
    for path, item in document("intake", tmp)["paths"].items():
        for method, operation in item.items():
            if isinstance(operation, dict) and "operationId" in operation:
                yield method.upper(), path, operation


def sent_with(operation: dict[str, Any]) -> dict[str, Any]:
    """A body that fits, from the document's own example."""
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" in content:
        return {"json": content["application/json"]["example"]}
    if "multipart/form-data" in content:
        return {"files": {"bestand": ("signalen.csv", CSV)}}
    return {"data": {"grant_type": "client_credentials"}} if content else {}


async def ask(
    client: httpx2.AsyncClient, method: str, path: str, operation: dict[str, Any], headers: dict[str, str] | None = None
) -> httpx2.Response:
    return await client.request(method, f"{API}{path}", headers=headers or {}, **sent_with(operation))


async def credential(room: Room, name: str, *, kind: str, scopes: frozenset[str], days: int = 1) -> dict[str, str]:
    """The header of a credential with these scopes, of a partner made by `room.partner`."""
    prefix = {"key": credentials.KEY_PREFIX, "link": credentials.LINK_PREFIX}[kind]
    async with room.database.transaction() as tx:
        partner = await partners.named(name, tx)
        key = await partners.add_credential(
            partner, tx, prefix=prefix, secret=room.keys.secret("intake"), clock=room.clock, days=days, scopes=scopes
        )
    return {"Authorization": f"Bearer {key}"}


def test_given_the_document_when_read_then_every_operation_is_placed(tmp_path: Any) -> None:
    found = {operation["operationId"]: path for _, path, operation in operations(tmp_path)}

    unplaced = {name for name, path in found.items() if "{" not in path} ^ set(NO_OBJECT)

    assert not unplaced, "say in NO_OBJECT why no partner can reach another's through it"


async def test_given_each_credential_when_each_operation_is_asked_then_only_a_live_key_with_its_scope_opens_it(
    room: Room, client: httpx2.AsyncClient, tmp_path: Any
) -> None:
    live = await room.partner("levend", adv=True)
    revoked, expired = await room.partner("ingetrokken"), await room.partner("verlopen")
    expired = await credential(room, "verlopen", kind="key", scopes=frozenset({"signalen", "importen"}), days=1)
    async with room.database.transaction() as tx:
        await partners.revoke("ingetrokken", tx, clock=room.clock)
    staff = [
        issue("Ana", role, signing=room.keys.signing_key("staff"), clock=room.clock, valid_for=dt.timedelta(days=9))
        for role in Role
    ]
    room.clock.move_to(NOW + dt.timedelta(days=2))
    narrow = {
        scope: await credential(room, "levend", kind="key", scopes=frozenset({scope}))
        for scope in ("signalen", "importen", "adv")
    }
    shut = [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic eDp5"}, revoked, expired]
    shut += [{"Authorization": f"Bearer {token}"} for token in staff]

    wrong: list[tuple[str, object, int]] = []
    for method, path, operation in operations(tmp_path):
        name, closed = operation["operationId"], bool(operation.get("security"))
        for number, headers in enumerate(shut):
            status = (await ask(client, method, path, operation, headers)).status_code
            if closed != (status == 401) and name != "vraagToken":
                wrong.append((name, number, status))
        if not closed:
            continue
        wanted = "importen" if name in SCOPE["importen"] else "signalen"
        for scope, headers in narrow.items():
            status = (await ask(client, method, path, operation, headers)).status_code
            if (status == 403) != (scope != wanted):
                wrong.append((name, scope, status))
        if (await ask(client, method, path, operation, live)).status_code in {401, 403}:
            wrong.append((name, "live", 0))

    assert wrong == []


async def test_given_what_one_partner_made_when_another_asks_for_it_in_any_way_then_it_does_not_exist(
    room: Room, client: httpx2.AsyncClient, tmp_path: Any
) -> None:
    mine, theirs = await room.partner("een"), await room.partner("twee", adv=True)
    worker = ImportWorker(room.database, room.clock, "urn:x", room.metrics)
    tried = await client.post(f"{API}/importen", files={"bestand": ("een.csv", CSV)}, headers=mine)
    done = await client.post(f"{API}/importen", files={"bestand": ("een.csv", CSV)}, headers=mine)
    await client.post(f"{API}/importen/{done.json()['id']}/bevestigingen", headers=mine)
    await worker.work_off()
    ids = [tried.json()["id"], done.json()["id"]]
    before = [(await client.get(f"{API}/importen/{one}", headers=mine)).json() for one in ids]

    of_objects = [one for one in operations(tmp_path) if "{" in one[1]]
    asked = [("GET", ""), ("POST", "/bevestigen"), ("POST", "/intrekken")]  # the same on the pages
    cookie = {"Cookie": f"{COOKIE}={theirs['Authorization'].removeprefix('Bearer ')}"}
    for one in ids:
        for method, path, operation in of_objects:
            there = await ask(client, method, _filled(path, one), operation, theirs)
            nowhere = await ask(client, method, _filled(path, str(uuid4())), operation, theirs)
            assert there.status_code == 404, (operation["operationId"], there.status_code)
            assert there.content == nowhere.content
        for method, path in asked:
            page = await client.request(method, f"/importeren/{one}{path}", headers=cookie)
            assert page.status_code == 404, path
    await worker.work_off()

    assert [(await client.get(f"{API}/importen/{one}", headers=mine)).json() for one in ids] == before
    assert len(of_objects) >= 3


async def test_given_a_repeat_key_of_one_partner_when_another_uses_it_then_it_gets_no_answer_of_the_first(
    room: Room, client: httpx2.AsyncClient
) -> None:
    mine, theirs = await room.partner("een"), await room.partner("twee")
    once = {"Idempotency-Key": "zelfde"}

    answers = [
        await client.post(f"{API}/signalen", json=signal(kenmerk="k-1"), headers={**who, **once})
        for who in (mine, theirs)
    ]
    bulk = [
        await client.post(f"{API}/signalen/_bulk", json=[signal(kenmerk="k-2")], headers={**who, **once})
        for who in (mine, theirs)
    ]

    assert [one.status_code for one in answers] == [201, 201]
    assert answers[0].json()["ontvangstcode"] != answers[1].json()["ontvangstcode"]
    assert "waarschuwingen" not in answers[1].json()
    assert "herhaald" not in json.dumps(bulk[1].json())


def _filled(path: str, value: str) -> str:
    start, end = path.index("{"), path.index("}")
    return path[:start] + value + path[end + 1 :]
