# SPDX-License-Identifier: EUPL-1.2
"""Many signals at once: each line its own outcome, nothing twice."""

import json

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake import storage
from services.intake.bulk_lines import split_array, split_ndjson
from shared.errors import Rejected, TooLarge
from tests.unit.intake.builders import API, signal
from tests.unit.intake.conftest import Room

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(st.lists(JSON_VALUES, max_size=20), st.booleans())
def test_given_any_array_when_cut_then_its_elements_in_order(values: list[object], pretty: bool) -> None:
    body = json.dumps(values, indent=1 if pretty else None, ensure_ascii=pretty).encode()

    assert [json.loads(element) for element in split_array(body)] == values


@pytest.mark.parametrize("body", [b"{}", b"[", b"[1", b"[1]]", b"[[1]", b'"x"', b"", b"[1] 2", b'["a'])
def test_given_what_is_no_array_when_cut_then_rejected(body: bytes) -> None:
    with pytest.raises(Rejected):
        list(split_array(body))


def test_given_more_than_a_thousand_lines_when_cut_then_too_large() -> None:
    with pytest.raises(TooLarge):
        list(split_ndjson(b"1\n" * 1001))
    assert len(list(split_ndjson(b"1\n\n" * 1000))) == 1000


async def count(room: Room) -> int:
    async with room.database.reading() as tx:
        return len(await storage.accepted_ids(tx))


async def test_given_good_and_bad_lines_when_sent_then_the_good_ones_are_kept(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()
    lines = [signal(), signal(terrein="niets"), signal(soort="klacht"), 7, signal()]

    response = await client.post(f"{API}/signalen/_bulk", json=lines, headers=key)

    rows = response.json()["resultaten"]
    assert [(row["index"], row["status"]) for row in rows] == [(0, 201), (1, 400), (2, 403), (3, 400), (4, 201)]
    assert rows[1]["fouten"][0]["pointer"] == "/terrein"
    assert await count(room) == 2


async def test_given_ndjson_when_sent_again_with_its_key_then_the_same_answer_and_nothing_twice(
    client: httpx2.AsyncClient, room: Room
) -> None:
    headers = await room.partner() | {"Content-Type": "application/x-ndjson", "Idempotency-Key": "k1"}
    body = "\n".join(json.dumps(signal(toelichting=str(n))) for n in range(3))

    first = await client.post(f"{API}/signalen/_bulk", content=body, headers=headers)
    second = await client.post(f"{API}/signalen/_bulk", content=body, headers=headers)
    other = await client.post(f"{API}/signalen/_bulk", content=body + "\n7", headers=headers)

    assert first.content == second.content
    assert second.headers["Idempotency-Replayed"] == "true"
    assert other.status_code == 409
    assert await count(room) == 3


async def test_given_lines_with_references_when_sent_again_then_each_counts_once(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()
    lines = [signal(kenmerk="a"), signal(kenmerk="b"), signal(kenmerk="a"), signal(kenmerk="b", terrein="overig")]

    first = (await client.post(f"{API}/signalen/_bulk", json=lines, headers=key)).json()["resultaten"]
    second = (await client.post(f"{API}/signalen/_bulk", json=lines[:2], headers=key)).json()["resultaten"]

    assert [row["status"] for row in first] == [201, 201, 201, 409]
    assert first[2]["ontvangstcode"] == first[0]["ontvangstcode"]
    assert [row["ontvangstcode"] for row in second] == [row["ontvangstcode"] for row in first[:2]]
    assert await count(room) == 2


async def test_given_a_rate_limit_when_a_bulk_goes_over_it_then_each_line_over_it_says_so(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key = await room.partner()

    rows = (await client.post(f"{API}/signalen/_bulk", json=[signal()] * 700, headers=key)).json()["resultaten"]

    assert [row["status"] for row in rows] == [201] * 600 + [429] * 100


async def test_given_a_known_reference_when_sent_alone_then_accepted_with_a_warning(
    client: httpx2.AsyncClient, room: Room
) -> None:
    key, other = await room.partner(), await room.partner("ander")

    first = await client.post(f"{API}/signalen", json=signal(kenmerk="a"), headers=key)
    second = await client.post(f"{API}/signalen", json=signal(kenmerk="a"), headers=key)
    elsewhere = await client.post(f"{API}/signalen", json=signal(kenmerk="a"), headers=other)

    assert ["waarschuwingen" in one.json() for one in (first, second, elsewhere)] == [False, True, False]
