# SPDX-License-Identifier: EUPL-1.2
"""A canary in every field and every rejected request, then a search of files, logs, metrics, pages and answers.

The search is over the raw bytes of everything the program wrote, so a place nobody thought of is searched as well.
"""

import base64
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.journey.program import Program, a_signal, bearer, counted, eventually, partner_key, staff_token, up

NAME = "Kwikzilver Zonderling"
MAIL = "kwikzilver@zonderling.example"
PHONE = "06-98765432"
TEXT = f"Mijn naam is {NAME}, bel mij op {PHONE} of mail {MAIL}."
MARKS = ("Kwikzilver", "kwikzilver", "Zonderling", "zonderling", PHONE, "98765432")
PAGES = ("/", "/melden", "/cijfers", "/spanningen", "/beoordelen", "/rapportages", "/metrics", "/readyz")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Path, list[httpx2.Response]]]:
    """A program that was told marked data by every way, and the answers it gave."""
    data = tmp_path_factory.mktemp("canary") / "data"
    program = up(data, ANONYMIZER_REVIEW_SHARE="1").start()
    key, token = partner_key(data), staff_token(data)
    answers = tell(program, key)
    accepted = sum(answer.status_code == 201 for answer in answers)
    eventually(lambda: counted(program.url, token) == accepted - 1)  # one of them was taken back again
    answers += [httpx2.get(f"{program.url}{page}", headers=bearer(token)) for page in PAGES]
    yield program, data, answers
    program.stop()


def tell(program: Program, key: str) -> list[httpx2.Response]:
    """Send marked data: accepted, rejected for each kind of reason, and withdrawn."""
    url = f"{program.url}/intake/v1/signalen"
    reporter = {
        "naam": NAME,
        "email": MAIL,
        "telefoon": PHONE,
        "geboortedatum": "1990-05-01",
        "adres": f"{NAME}straat 1",
    }
    good = a_signal(toelichting=TEXT, melder=reporter, betrokkenen=[NAME], massamelding="kwikzilver-zonderling")
    bad: list[dict[str, object]] = [
        {**good, "gronden": [NAME]},
        {**good, "terrein": NAME},
        {**good, "wat": NAME},
        {**good, "voorval": {"datum": NAME, "wijk": NAME, "postcode": NAME}},
        {**good, "taal": NAME, "massamelding": NAME},
        {**good, "melder": {**reporter, "geboortedatum": PHONE}},
        {**good, "soort": "melding"},
    ]
    with httpx2.Client(headers=bearer(key)) as client:
        answers = [client.post(url, json=body) for body in (good, *bad)]
        answers.append(client.post(url, json=good, headers={"Idempotency-Key": NAME}))
        answers.append(client.post(url, json={**good, "taal": "en"}, headers={"Idempotency-Key": NAME}))
        answers.append(client.post(url, content=TEXT.encode(), headers={"Content-Type": "application/json"}))
        answers.append(client.post(url, content=TEXT.encode(), headers={"Content-Type": "text/plain"}))
        answers.append(client.post(url, json=good, headers={"Authorization": f"Bearer {NAME}"}))
        answers.append(client.get(f"{program.url}/stats/v1/cijfers", params={"rijen": NAME, "soort": NAME}))
        answers.append(client.get(f"{program.url}/aanmelden", params={"code": NAME}))
        answers.append(client.post(f"{program.url}/intake/v1/intrekkingen", json={"ontvangstcode": NAME}))
        code = answers[0].json()["ontvangstcode"]
        answers.append(client.post(f"{program.url}/intake/v1/intrekkingen", json={"ontvangstcode": code}))
        answers.append(client.post(f"{program.url}/melden", data={"toelichting": TEXT, "soort": NAME}))
    return answers


def traces(content: bytes) -> list[str]:
    """The marks that stand in these bytes: as text, in UTF-16 or base64 at any offset."""
    found = []
    for mark in MARKS:
        forms = {mark.encode(), mark.encode("utf-16-le")}
        forms |= {base64.b64encode(b" " * shift + mark.encode())[4:-4] for shift in range(3)}
        if any(form in content for form in forms if len(form) >= 6):
            found.append(mark)
    return found


def test_given_marked_data_when_planted_in_bytes_then_the_search_finds_it() -> None:
    assert traces(f"x {NAME} y".encode()) == ["Kwikzilver", "Zonderling"]
    assert traces(base64.b64encode(f"ab{NAME}cd".encode())) != []
    assert traces(b"nothing of it") == []


def test_given_marked_data_when_accepted_or_refused_then_the_answers_are_as_told(
    told: tuple[Program, Path, list[httpx2.Response]],
) -> None:
    _, _, answers = told

    assert [answer.status_code for answer in answers[:12]] == [201, *[400] * 6, 403, 201, 409, 400, 415]


def test_given_marked_data_when_answered_then_no_answer_repeats_it(
    told: tuple[Program, Path, list[httpx2.Response]],
) -> None:
    _, _, answers = told

    assert {answer.url.path: traces(answer.content) for answer in answers if traces(answer.content)} == {}


def test_given_marked_data_when_everything_written_is_searched_then_nothing_holds_it(
    told: tuple[Program, Path, list[httpx2.Response]],
) -> None:
    _, data, _ = told
    files = [path for path in data.rglob("*") if path.is_file()]

    assert {path.name for path in files} >= {"log.sqlite", "intake.sqlite", "anonymizer.sqlite", "stderr.log"}
    assert {str(path.relative_to(data)): traces(path.read_bytes()) for path in files if traces(path.read_bytes())} == {}
    assert [path.name for path in files if traces(str(path).encode())] == []
