# SPDX-License-Identifier: EUPL-1.2
"""From receipt codes to everyone who was told: signals are withdrawn, and the alert on them goes too."""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from email import message_from_bytes
from pathlib import Path
from typing import Any

import httpx2
import pytest

from services import assembly
from services.demo import replay as demo
from services.intake import storage as intake_storage
from services.intake.partners import add_partner
from services.notifier.storage import series
from shared import bus
from shared.access import Role, issue
from shared.clock import MovableClock
from shared.metrics import Metrics
from shared.runtime import Service, running
from shared.settings import read_installation
from tests.unit.notifier.room import HERE, START, quiet_past

PARTNERS = ("bibliotheek", "welzijn", "sportclub", "school")
SUBJECTS = {"new": "Er is een nieuwe attendering", "gone": "Een attendering is ingetrokken"}


@dataclass(slots=True)
class Chain:
    """The four services in this process, with a clock that is moved."""

    client: httpx2.AsyncClient
    services: dict[str, Service]
    clock: MovableClock
    metrics: Metrics
    bus_url: str
    folder: Path
    keys: dict[str, str]
    token: str

    async def evening(self, day: dt.datetime) -> None:
        """Let everything arrive, and do the notifier's work of that moment."""
        self.clock.move_to(day)
        await demo.drained(list(self.services.values()), self.bus_url)
        for job in self.services["notifier"].jobs:
            job.last_run_at = None
        await self.services["notifier"].run_due_jobs(day, self.metrics)

    async def staff(self, method: str, path: str, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        return (await self.client.request(method, f"/notifier/v1{path}", headers=headers, **more)).json()

    def mails(self) -> list[str]:
        found = (self.folder / "berichten").rglob("*.eml")
        return [str(message_from_bytes(path.read_bytes())["Subject"]) for path in found]


@pytest.fixture
async def chain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chain]:
    monkeypatch.setenv("NOTIFIER_EVALUATE_EVERY_SECONDS", "1")
    installation = read_installation(data=tmp_path)
    await bus.create_topics(installation.bus_url, assembly.topic_specs())
    clock = MovableClock(START - dt.timedelta(days=1))
    around = assembly.surround(installation, clock=clock, municipality=None)
    services = {name: build(around, assembly._url(name, installation)) for name, build in assembly.BUILDS.items()}
    async with contextlib.AsyncExitStack() as stack:
        await stack.enter_async_context(
            running(list(services.values()), clock=clock, metrics=around.metrics, run_jobs=False)
        )
        transport = httpx2.ASGITransport(app=assembly.joined(list(services.values())))
        client = await stack.enter_async_context(httpx2.AsyncClient(transport=transport, base_url="http://chain"))
        keys = {}
        async with services["intake"].database.transaction() as tx:
            for name in PARTNERS:
                keys[name] = await add_partner(
                    name,
                    tx,
                    adv=False,
                    municipality=around.municipalities.default.code,
                    secret=around.keys.secret("intake"),
                    clock=clock,
                )
            marks = [one.source_ref for one in await intake_storage.partners(tx)]
        past = [
            replace(c, source_ref=marks[n % len(marks)])
            for n, c in enumerate(quiet_past((START - dt.timedelta(days=9)).date()))
        ]
        async with services["notifier"].database.transaction() as tx:
            await series.save(tx, past, known=())
        signing = around.keys.signing_key("staff")
        token = issue("Sam", Role.ADV, signing=signing, clock=clock, valid_for=dt.timedelta(days=90))
        yield Chain(
            client, services, clock, around.metrics, installation.bus_url, installation.data_folder, keys, token
        )


async def _send(chain: Chain, number: int, on: dt.date) -> str:
    body = {
        "soort": "signaal",
        "gronden": ["ras"],
        "terrein": "openbare-ruimte",
        "voorval": {"datum": on.isoformat(), "plaats": "in-gemeente", "wijk": HERE},
    }
    key = chain.keys[PARTNERS[number % len(PARTNERS)]]
    answer = await chain.client.post("/intake/v1/signalen", json=body, headers={"Authorization": f"Bearer {key}"})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ontvangstcode"])


async def test_given_a_mailed_alert_when_its_signals_are_withdrawn_by_receipt_then_page_and_mail_say_so(
    chain: Chain,
) -> None:
    asked = await chain.staff("POST", "/abonnementen", json={"kanaal": "mail", "adres": "team@voorbeeld.nl"})
    await chain.evening(START - dt.timedelta(hours=23))
    (mail,) = (chain.folder / "berichten").rglob("*.eml")
    said = message_from_bytes(mail.read_bytes()).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]  # the first part is text
    code = said.partition("/abonnementen/bevestigen/")[2].split()[0]
    assert (await chain.staff("POST", "/abonnementen/_bevestig", json={"code": code}))["status"] == "actief"

    codes = [await _send(chain, n, chain.clock.now().date()) for n in range(6)]
    chain.clock.move_to(START)
    codes += [await _send(chain, n, START.date()) for n in range(8)]
    await chain.evening(START + dt.timedelta(minutes=5))
    (alert,) = (await chain.staff("GET", "/attenderingen"))["attenderingen"]
    await chain.evening(START + dt.timedelta(hours=13))
    assert (alert["status"], alert["grond"], alert["waargenomen"]) == ("open", "ras", "10-19")
    assert SUBJECTS["new"] in chain.mails()

    for one in codes[:12]:
        answer = await chain.client.post("/intake/v1/intrekkingen", json={"ontvangstcode": one})
        assert answer.status_code == 202
    await chain.evening(START + dt.timedelta(hours=14))
    after = await chain.staff("GET", f"/attenderingen/{alert['id']}")
    await chain.evening(START + dt.timedelta(hours=37))

    assert (after["status"], "ingetrokken" in after["intrekking"]) == ("ingetrokken", True)
    assert SUBJECTS["gone"] in chain.mails()
    assert (await chain.staff("GET", "/abonnementen"))["abonnementen"][0]["id"] == asked["id"]
