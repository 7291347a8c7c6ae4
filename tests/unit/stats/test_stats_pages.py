# SPDX-License-Identifier: EUPL-1.2
"""The pages of stats, as a browser without scripts gets them."""

import datetime as dt
import re

import httpx2
import pytest

from shared import vocabulary
from shared.access import Role
from tests.unit.stats.builders import event, tell
from tests.unit.stats.conftest import Room


def text_of(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


async def test_given_cases_when_the_bureau_opens_the_page_then_table_chart_and_explanation_stand_there(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, [event(1), event(2, grounds=("leeftijd",))], room.clock)

    page = (await client.get("/cijfers", headers=room.token(Role.ADV))).text

    assert "Herkomst/huidskleur" in page
    assert "<svg" in page
    assert "Hoe geteld?" in page
    assert "Aantal zaken: 2" in re.sub(r"<[^>]+>", "", page)


async def test_given_two_dimensions_when_the_page_is_asked_then_rows_and_columns_stand_in_order(
    room: Room, client: httpx2.AsyncClient
) -> None:
    days = [dt.date(2026, 8, 1), dt.date(2026, 2, 1)]
    await tell(room.database, [event(n, registered_on=day) for n, day in enumerate(days)], room.clock)

    answer = await client.get("/cijfers?rijen=wijk&kolommen=kwartaal&soort=melding", headers=room.token(Role.ADV))

    head = text_of(answer.text[answer.text.index("<thead") : answer.text.index("</thead")])
    assert head.split() == ["Wijk", "1e", "kwartaal", "2026", "3e", "kwartaal", "2026"]


async def test_given_a_visitor_when_the_page_is_opened_then_it_explains_why_there_are_no_figures_yet(
    client: httpx2.AsyncClient,
) -> None:
    answer = await client.get("/cijfers")

    assert answer.status_code == 200
    assert "Open cijfers komen uit goedgekeurde publicaties" in answer.text


async def test_given_a_bad_choice_when_the_page_is_asked_then_it_says_what_is_wrong_beside_the_field(
    room: Room, client: httpx2.AsyncClient
) -> None:
    answer = await client.get("/cijfers?rijen=grond&van=2026-02-01", headers=room.token(Role.ADV))

    assert answer.status_code == 400
    assert 'id="soort-fout"' in answer.text
    assert 'id="tot-fout"' in answer.text


async def test_given_cases_when_the_table_is_downloaded_then_it_is_a_csv_of_the_same_cells(
    room: Room, client: httpx2.AsyncClient
) -> None:
    await tell(room.database, [event(1)], room.clock)

    answer = await client.get("/cijfers/bestand?rijen=grond&soort=melding", headers=room.token(Role.ADV))

    assert answer.text.splitlines() == ["grond,grondLabel,aantal", "ras,Herkomst/huidskleur,1"]


async def test_given_a_year_when_two_people_settle_it_on_the_page_then_the_page_says_so(
    room: Room, client: httpx2.AsyncClient
) -> None:
    noor, bram = room.token(Role.ADV, "Noor"), room.token(Role.ADV, "Bram")
    await tell(room.database, [event(1, registered_on=dt.date(2025, 5, 1), residency="onbekend")], room.clock)
    path = "/rapportages/wga/2025"

    before = (await client.get(path, headers=noor)).text
    proposed = await client.post(f"{path}/vaststellingen", headers=noor)
    own = (await client.get(path, headers=noor)).text
    others = (await client.get(path, headers=bram)).text
    action = re.search(r'action="([^"]+/goedkeuringen)"', others)
    assert action is not None
    settled = await client.post(action[1], headers=bram)
    after = (await client.get(path, headers=bram)).text

    assert "Stel vaststellen voor" in before
    assert "Woont de melder in de gemeente?" in before
    assert (proposed.status_code, proposed.headers["location"]) == (303, path)
    assert "U deed dit voorstel zelf" in own
    assert "/goedkeuringen" not in own
    assert settled.status_code == 303
    assert "definitief, revisie 1" in after


async def test_given_a_chosen_year_when_it_is_sent_then_the_browser_goes_to_its_form(
    room: Room, client: httpx2.AsyncClient
) -> None:
    head = room.token(Role.ADV)

    chosen = await client.get("/rapportages/wga?jaar=2025", headers=head)
    wrong = await client.get("/rapportages/wga?jaar=%C2%B2025", headers=head)

    assert (chosen.status_code, chosen.headers["location"]) == (303, "/rapportages/wga/2025")
    assert wrong.status_code == 404


@pytest.mark.parametrize("kind", ["pdf", "xlsx", "csv"])
async def test_given_a_form_when_a_file_is_downloaded_then_it_is_attached(
    room: Room, client: httpx2.AsyncClient, kind: str
) -> None:
    answer = await client.get(f"/rapportages/wga/2025/bestand/{kind}", headers=room.token(Role.ADV))

    assert answer.status_code == 200
    assert answer.headers["content-disposition"].endswith(f'-2025-voorlopig.{kind}"')


@pytest.mark.parametrize("path", ["/cijfers", "/rapportages", "/rapportages/wga/2025"])
async def test_given_a_page_when_its_words_are_read_then_none_is_forbidden(
    room: Room, client: httpx2.AsyncClient, path: str
) -> None:
    page = (await client.get(path, headers=room.token(Role.ADV))).text
    allowed = {"ras"} if "/wga/" in path else set()  # the wording of the law stands on the statutory form alone

    assert {term.lower() for term in vocabulary.lint(text_of(page), where="public")} <= allowed


async def test_given_another_site_when_it_posts_a_form_then_it_is_refused(
    room: Room, client: httpx2.AsyncClient
) -> None:
    head = room.token(Role.ADV) | {"Sec-Fetch-Site": "cross-site"}

    assert (await client.post("/rapportages/wga/2025/vaststellingen", headers=head)).status_code == 403
