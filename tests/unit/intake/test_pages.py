# SPDX-License-Identifier: EUPL-1.2
"""A volunteer's browser: signed in by a link, a form without script, a receipt shown once."""

import re

import httpx2
import pytest

from services.intake import partners, storage
from services.intake.credentials import LINK_PREFIX
from tests.unit.intake.builders import API
from tests.unit.intake.conftest import Room
from tests.unit.intake.test_imports import GOOD, csv_of, worker

FILLED = {"gronden": ["ras"], "terrein": "onderwijs", "voorval-datum": "3-11-2026", "toelichting": "Een <b>proef</b>."}


async def link(room: Room, name: str = "bibliotheek", *, adv: bool = False) -> str:
    await room.partner(name, adv=adv)
    async with room.database.transaction() as tx:
        return await partners.add_credential(
            await partners.named(name, tx), tx, prefix=LINK_PREFIX, secret=room.keys.secret("intake"),
            clock=room.clock, days=10,
        )  # fmt: skip


async def sign_in(client: httpx2.AsyncClient, code: str) -> None:
    response = await client.get(f"/melden/aanmelden?code={code}")
    assert response.status_code == 303
    cookie = response.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def hidden_fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page))


async def test_given_no_link_when_opened_then_explained_and_pointed_onwards(
    client: httpx2.AsyncClient, room: Room
) -> None:
    for address in ("/melden", "/importeren"):
        page = await client.get(address)
        assert page.status_code == 200
        assert "discriminatie.nl" in page.text
        assert "<textarea" not in page.text


async def test_given_a_link_when_a_signal_is_filled_in_checked_and_sent_then_a_receipt_that_works(
    client: httpx2.AsyncClient, room: Room
) -> None:
    await sign_in(client, await link(room))

    checked = await client.post("/melden/controleren", data=FILLED)
    fields = hidden_fields(checked.text)
    received = [await client.post("/melden/versturen", data=fields) for _ in range(2)]
    code = re.findall(r'<p class="code">([^<]+)</p>', received[0].text)[0]
    status = await client.post("/melden/status", data={"ontvangstcode": code})
    withdrawn = await client.post("/melden/intrekken", data={"ontvangstcode": code})

    assert "&lt;b&gt;proef" in checked.text
    assert code in received[1].text
    assert "Ontvangen" in status.text
    assert "ingetrokken" in withdrawn.text
    async with room.database.reading() as tx:
        assert len(await storage.accepted_ids(tx)) == 1


async def test_given_a_form_with_faults_when_checked_then_each_field_says_what(
    client: httpx2.AsyncClient, room: Room
) -> None:
    await sign_in(client, await link(room))

    page = await client.post("/melden/controleren", data={"terrein": "onderwijs", "voorval-datum": "gisteren"})

    assert page.status_code == 400
    assert 'id="gronden-fout"' in page.text
    assert 'id="voorval-datum-fout"' in page.text


@pytest.mark.parametrize("adv", [True, False])
async def test_given_a_link_when_opened_then_only_the_bureau_chooses_a_kind(
    client: httpx2.AsyncClient, room: Room, *, adv: bool
) -> None:
    await sign_in(client, await link(room, adv=adv))

    page = await client.get("/melden")
    sent = await client.post("/melden/controleren", data=FILLED | {"soort": "klacht"})

    assert ('name="soort"' in page.text) == adv
    assert sent.status_code == (200 if adv else 400)


async def test_given_a_code_when_corrected_by_page_then_the_signal_is_sent_anew(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()
    body = {"soort": "signaal", "gronden": ["ras"], "terrein": "overig"}
    code = (await client.post(f"{API}/signalen", json=body, headers=key)).json()["ontvangstcode"]

    good = await client.post("/melden/verbeteren", data=FILLED | {"ontvangstcode": code})
    wrong = await client.post("/melden/verbeteren", data=FILLED | {"ontvangstcode": "AAAAA-AAAAA-AAAAA-AAAAB"})

    assert "verbeterd" in good.text
    assert wrong.status_code == 400


async def test_given_a_file_when_tried_confirmed_and_undone_by_page_then_each_step_shows(
    client: httpx2.AsyncClient, room: Room
) -> None:
    await sign_in(client, await link(room))

    refused = await client.post("/importeren", files={"bestand": ("a.xlsx", b"%PDF-1")})
    tried = await client.post("/importeren", files={"bestand": ("a.csv", csv_of(GOOD, GOOD | {"Terrein": "x"}))})
    place = tried.headers["location"]
    shown = await client.get(place)
    await client.post(f"{place}/bevestigen")
    await worker(room).work_off()
    done = await client.get(place)
    await client.post(f"{place}/intrekken")
    await worker(room).work_off()
    undone = await client.get(place)

    assert refused.status_code == 400
    assert "opslaan" in refused.text.lower() or "sla het op" in refused.text.lower()
    assert "1 van de 2 rijen" in shown.text
    assert "verwerkt" in done.text
    assert "ingetrokken" in undone.text
