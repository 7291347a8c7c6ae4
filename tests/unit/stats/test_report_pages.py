# SPDX-License-Identifier: EUPL-1.2
"""The pages of releases and reports: who sees what, the two persons, the round of objections, text in a report."""

import datetime as dt
import re

import httpx2
import pytest

from services.stats.releases import Member, Release
from services.stats.storage import releases as kept
from shared import source_tokens, vocabulary
from shared.access import Role
from shared.web.charts import HIDDEN
from tests.unit.stats.builders import event, tell
from tests.unit.stats.conftest import Room
from tests.unit.stats.releases_made import full, release
from tests.unit.stats.releases_made import printed as printed_count

READERS = [Role.ADV, Role.GEMEENTE, Role.NETWERK, Role.RAAD, Role.FG]


async def keep(room: Room, *made: Release, approve: bool = True) -> None:
    async with room.database.transaction() as tx:
        for one in made:
            await kept.save(tx, one)
            if approve:
                await kept.approve(tx, one.id, by="Sam", at=room.clock.now())


def text_of(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


@pytest.mark.parametrize("role", READERS)
@pytest.mark.parametrize("kind", ["raad", "wijken"])
async def test_given_approved_releases_when_readers_open_a_report_then_they_get_page_file_and_data(
    room: Room, client: httpx2.AsyncClient, role: Role, kind: str
) -> None:
    await keep(room, full("2026-H1"), full("2025-H1", seed=5))
    head, path = room.token(role), f"/rapportages/{kind}/2026-H1"

    overview = await client.get("/rapportages", headers=head)
    page = await client.get(path, headers=head)
    file = await client.get(f"{path}/bestand", headers=head)
    data = await client.get(f"/stats/v1/rapporten/{kind}/2026-H1", headers=head)

    assert path in overview.text
    assert (page.status_code, file.status_code, data.status_code) == (200, 200, 200)
    assert file.content.startswith(b"%PDF")
    assert data.json()["titel"] in text_of(page.text)
    assert ("Teksten schrijven" in page.text) is (role is Role.ADV)
    assert vocabulary.lint(text_of(page.text), where="public") == []


@pytest.mark.parametrize(("role", "status"), [(Role.BEHEER, 403), (None, 401)])
async def test_given_somebody_else_when_a_report_or_release_is_opened_then_the_door_stays_closed(
    room: Room, client: httpx2.AsyncClient, role: Role | None, status: int
) -> None:
    await keep(room, full("2026-H1"))
    head = room.token(role) if role else {}

    for path in ("/rapportages", "/rapportages/raad/2026-H1", "/rapportages/bereik", "/publicaties",
                 "/publicaties/release-2026-H1", "/stats/v1/bereik", "/stats/v1/vergelijkingen"):  # fmt: skip
        assert (await client.get(path, headers=head)).status_code == status, path


async def test_given_a_concept_when_a_report_is_asked_then_the_bureau_alone_sees_it_marked(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await keep(room, full("2026-H1"), approve=False)
    path = "/rapportages/raad/2026-H1?stand=concept"

    own = await client.get(path, headers=room.token(Role.ADV))
    council = await client.get(path, headers=room.token(Role.RAAD))
    approved_only = await client.get("/rapportages/raad/2026-H1", headers=room.token(Role.ADV))

    assert "nog niet goedgekeurd" in own.text
    assert (council.status_code, approved_only.status_code) == (403, 404)


async def test_given_a_text_when_the_bureau_writes_it_then_it_stands_in_the_report_with_name_and_the_old_one_is_kept(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await keep(room, full("2026-H1"))
    path, noor = "/rapportages/raad/2026-H1", room.token(Role.ADV, "Noor")

    first = await client.post(f"{path}/teksten", headers=noor, data={"plaats": "duiding", "tekst": "Eerste tekst."})
    await client.post(
        f"{path}/teksten", headers=room.token(Role.ADV, "Sam"), data={"plaats": "duiding", "tekst": "Tweede."}
    )
    refused = await client.post(f"{path}/teksten", headers=noor, data={"plaats": "duiding", "tekst": "Eén melding."})
    other = await client.post(
        f"{path}/teksten", headers=room.token(Role.RAAD), data={"plaats": "duiding", "tekst": "x"}
    )

    council = (await client.get(path, headers=room.token(Role.RAAD))).text
    bureau = (await client.get(path, headers=noor)).text
    assert (first.status_code, refused.status_code, other.status_code) == (303, 400, 403)
    assert "Noem geen aantallen onder de 5" in refused.text
    assert "Eén melding." in refused.text  # what was typed is not lost
    assert "Tweede." in council
    assert "Sam, 23-11-2026" in council
    assert "Eerste tekst." not in council
    assert "Eerste tekst." in bureau


@pytest.mark.parametrize("day", ["", "31 december", "2026-02-30"])
async def test_given_a_round_without_a_day_when_a_concept_is_asked_for_then_the_page_says_what_to_choose(
    room: Room, client: httpx2.AsyncClient, day: str
) -> None:
    head = room.token(Role.ADV)
    form = {"periode": "2026-K3", "ronde": "ja", "bezwaarTot": day}

    answer = await client.post("/publicaties", headers=head, data=form)
    page = await client.get(answer.headers["location"], headers=head)

    assert answer.status_code == 303
    assert "Kies de laatste dag voor bezwaar" in page.text


async def test_given_a_concept_when_two_persons_decide_on_the_page_then_it_is_approved_and_can_be_taken_back(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await keep(room, full("2026-H1"), approve=False)
    path, noor, sam = "/publicaties/release-2026-H1", room.token(Role.ADV, "Noor"), room.token(Role.ADV, "Sam")

    own = (await client.get(path, headers=noor)).text
    other = (await client.get(path, headers=sam)).text
    approved = await client.post(f"{path}/goedkeuringen", headers=sam)
    council = (await client.get(path, headers=room.token(Role.RAAD))).text
    empty = await client.post(f"{path}/intrekkingen", headers=sam, data={"reden": " "})
    retracted = await client.post(f"{path}/intrekkingen", headers=sam, data={"reden": "Een fout in de codering."})
    gone = await client.get(path, headers=room.token(Role.RAAD))

    assert "Een collega moet het goedkeuren" in own
    assert "Keur deze publicatie goed" in other
    assert approved.status_code == 303
    assert "Trek deze publicatie in" not in council
    assert "Verborgen: te klein" in council
    assert (empty.status_code, retracted.status_code, gone.status_code) == (303, 303, 404)
    assert "Een fout in de codering." in (await client.get(path, headers=noor)).text


@pytest.mark.parametrize("kind", ["csv", "pdf", "tabset"])
async def test_given_a_release_when_a_file_is_downloaded_then_it_is_there(
    room: Room, client: httpx2.AsyncClient, kind: str
) -> None:
    await keep(room, full("2026-H1"))

    answer = await client.get(f"/publicaties/release-2026-H1/bestand/{kind}", headers=room.token(Role.RAAD))

    assert answer.status_code == 200
    assert answer.content


async def test_given_a_round_when_a_source_comes_in_with_its_link_then_it_sees_its_own_share_and_objects(
    room: Room, client: httpx2.AsyncClient
) -> None:
    until = dt.date(2026, 11, 30)
    await keep(room, release("2026-H1", {"signaal": printed_count("signaal")}, objections_until=until), approve=False)
    signing = room.keys.signing_key("staff")
    token = source_tokens.issue("bron-twee", signing=signing, clock=room.clock, valid_for=dt.timedelta(days=9))
    path = "/publicaties/release-2026-H1"

    entered = await client.get(f"/publicaties/controle?publicatie=release-2026-H1&code={token}")
    client.cookies.update(entered.cookies)
    share = await client.get(f"{path}/aandeel")
    objected = await client.post(f"{path}/bezwaren", data={"tekst": "Dit klopt niet."})
    staff_page = await client.get(path)

    assert (entered.status_code, entered.headers["location"]) == (303, f"{path}/aandeel")
    assert "HttpOnly" in entered.headers["set-cookie"]
    assert "Signalen van organisaties" in share.text
    assert "bron-twee" not in share.text
    assert objected.status_code == 303
    assert staff_page.status_code == 401  # the link opens the check and nothing else
    approved = await client.post(f"{path}/goedkeuringen", headers=room.token(Role.ADV, "Sam"))
    assert "kunnen bezwaar maken" in text_of((await client.get(path, headers=room.token(Role.ADV))).text)
    assert approved.status_code == 303
    async with room.database.reading() as tx:
        found = await kept.by_id(tx, "release-2026-H1")
    assert found is not None
    assert (found.state, [one.source for one in found.objections]) == ("concept", ["bron-twee"])


async def test_given_a_bad_link_when_it_is_opened_then_no_cookie_is_set(room: Room, client: httpx2.AsyncClient) -> None:
    staff = room.token(Role.ADV)["Authorization"].removeprefix("Bearer ")

    for code in ("", "x", staff):
        answer = await client.get(f"/publicaties/controle?publicatie=release-2026-H1&code={code}")
        assert answer.status_code == 401
        assert "set-cookie" not in answer.headers


async def test_given_a_source_without_cases_when_it_looks_then_there_is_nothing(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await keep(room, full("2026-H1"))
    signing = room.keys.signing_key("staff")
    token = source_tokens.issue("bron-vreemd", signing=signing, clock=room.clock, valid_for=dt.timedelta(days=9))

    client.cookies.set("seinhuis_bron", token)
    answer = await client.get("/publicaties/release-2026-H1/aandeel")

    assert answer.status_code == 404


@pytest.mark.parametrize("role", READERS)
async def test_given_quarters_when_coverage_is_read_then_only_the_bureau_sees_single_organisations(
    room: Room, client: httpx2.AsyncClient, role: Role
) -> None:
    await keep(room, *(full(f"2025-K{number}") for number in (1, 2, 3, 4)))

    data = (await client.get("/stats/v1/bereik", headers=room.token(role))).json()
    page = (await client.get("/rapportages/bereik", headers=room.token(role))).text

    assert data["aantalOrganisaties"] == "3-4"
    assert ("organisaties" in data) is (role is Role.ADV)
    assert ("Alleen voor het bureau" in page) is (role is Role.ADV)
    assert not any(name in page for name in ("bron-een", "bron-twee"))


async def test_given_a_whole_year_when_it_is_compared_then_the_own_rate_is_that_of_the_printed_total(
    room: Room, client: httpx2.AsyncClient
) -> None:
    head = room.token(Role.RAAD)
    before = (await client.get("/stats/v1/vergelijkingen", headers=head)).json()
    await keep(room, full("2025-H1"), full("2025-H2", seed=2))

    after = (await client.get("/stats/v1/vergelijkingen", headers=head)).json()
    page = await client.get("/rapportages/vergelijken", headers=head)

    assert before["eigen"] is None
    assert after["eigen"]["jaar"] == 2025
    assert after["eigen"]["per100000"] == round(2 * 360 / 129_941 * 100_000, 1)
    assert all(one["bron"] for one in after["anderen"])
    assert "2025" in page.text


async def test_given_a_mass_report_in_the_year_when_it_is_compared_then_the_own_rate_says_so(
    room: Room, client: httpx2.AsyncClient
) -> None:
    head = room.token(Role.RAAD)
    on = dt.date(2025, 9, 1)
    many = [event(n, kind="melding", registered_on=on, mass_event="een-actie") for n in range(30)]
    await tell(
        room.database, [*many, *(event(100 + n, kind="melding", registered_on=on) for n in range(10))], room.clock
    )
    await keep(room, full("2025-H1"), full("2025-H2", seed=2))

    own = (await client.get("/stats/v1/vergelijkingen", headers=head)).json()["eigen"]
    page = await client.get("/rapportages/vergelijken", headers=head)

    assert own["toelichting"] == "Waarvan meer dan de helft bij een massamelding"
    assert own["toelichting"] in text_of(page.text)


async def test_given_a_map_when_a_district_is_hidden_then_its_tile_says_so(
    room: Room, client: httpx2.AsyncClient
) -> None:
    hidden = printed_count("signaal", hidden=1.0)
    await keep(room, release("2026-H1", {"signaal": hidden, "wga": printed_count("wga")}))

    page = (await client.get("/rapportages/wijken/2026-H1", headers=room.token(Role.RAAD))).text

    assert 'class="tile tile-hidden"' in page
    assert HIDDEN in page


async def test_given_a_range_when_it_is_chosen_then_the_browser_goes_to_its_report(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await keep(room, *(full(f"2025-K{number}") for number in (1, 2, 3, 4)))
    head = room.token(Role.GEMEENTE)

    chosen = await client.get("/rapportages/kies?soort=wijken&van=2025-K2&tot=2025-K3", headers=head)
    page = await client.get(chosen.headers["location"], headers=head)
    gap = await client.get("/rapportages/raad/2024-K4--2025-K1", headers=head)

    assert chosen.headers["location"] == "/rapportages/wijken/2025-K2--2025-K3"
    assert "het tweede kwartaal van 2025 tot en met het derde kwartaal van 2025" in page.text
    assert gap.status_code == 404


def test_given_a_member_when_it_is_frozen_then_it_carries_no_name() -> None:
    assert Member._fields == ("digest", "place", "source", "record_key")
