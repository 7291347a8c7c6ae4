# SPDX-License-Identifier: EUPL-1.2
"""Redaction in worker processes: in order, and closed whatever goes wrong in a recogniser."""

import contextlib
import datetime as dt
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

import psutil
import pytest

from services.anonymizer.redacting import Given, Redacted, ToRedact
from services.anonymizer.redaction_worker import redact_chunk
from services.anonymizer.redactor import CHUNK_TEXTS, Redactor
from shared.clock import SystemClock
from shared.errors import Unavailable
from shared.metrics import Metrics
from tests.unit.anonymizer.planted import CRASHES, DEVOURS, HANGS, RAISES, broken_start, planted_chunk

NAME = "Kwikzilver Zonderling"
Work = Callable[[Sequence[ToRedact]], list[Redacted]]


@contextlib.asynccontextmanager
async def redactor(work: Work = redact_chunk, *, processes: int = 1, seconds: float = 30.0) -> AsyncIterator[Redactor]:
    made = Redactor(
        processes=processes,
        seconds=seconds,
        memory_mb=1024,
        kept_words={},
        metrics=Metrics(),
        clock=SystemClock(),
        work=work,
    )
    async with made.running():
        yield made


def asked(text: str, **given: Any) -> ToRedact:
    return ToRedact(text, Given(**given), "GM0000")


def shown(answers: Sequence[Redacted | None]) -> list[str | None]:
    return [answer.text if answer else None for answer in answers]


@pytest.mark.parametrize("processes", [0, 1])
async def test_given_more_texts_than_a_chunk_when_redacted_then_all_come_back_in_order(processes: int) -> None:
    texts = [f"voorval nummer {number} in de winkel" for number in range(CHUNK_TEXTS * 2 + 3)]

    async with redactor(processes=processes) as made:
        answers = await made.redact([asked(text) for text in texts])

    assert shown(answers) == texts


@pytest.mark.parametrize("word", [RAISES, CRASHES, DEVOURS])
async def test_given_a_recogniser_that_fails_on_one_text_when_redacted_then_only_that_text_is_lost(
    word: str, capfd: pytest.CaptureFixture[str]
) -> None:
    texts = ["gewoon voorval", f"{NAME} liep in een {word}", "nog een voorval"]

    async with redactor(planted_chunk) as made:
        answers = await made.redact([asked(text) for text in texts])

    assert shown(answers) == ["gewoon voorval", None, "nog een voorval"]
    assert "Zonderling" not in "".join(capfd.readouterr())


async def test_given_a_recogniser_that_hangs_when_redacted_then_it_is_ended_and_the_text_is_lost() -> None:
    async with redactor(planted_chunk, seconds=0.5) as made:
        answers = await made.redact([asked(f"{NAME} liep in een {HANGS}"), asked("gewoon voorval")])

    assert shown(answers) == [None, "gewoon voorval"]


@pytest.mark.parametrize("processes", [0, 1])
async def test_given_redaction_that_cannot_work_at_all_when_asked_then_refused_so_that_no_text_is_lost(
    processes: int,
) -> None:
    async with redactor(broken_start, processes=processes) as made:
        with pytest.raises(Unavailable):
            await made.redact([asked("een voorval")])


async def test_given_workers_when_the_service_stops_then_no_process_is_left() -> None:
    before = {child.pid for child in psutil.Process().children(recursive=True)}

    async with redactor() as made:
        await made.redact([asked("een voorval")])
        workers = [one for one in psutil.Process().children(recursive=True) if one.pid not in before]

    _, alive = psutil.wait_procs([one for one in workers if "resource_tracker" not in " ".join(one.cmdline())], 10)
    assert workers
    assert alive == []


async def test_given_words_when_asked_which_are_unlisted_then_ordinary_ones_are_not() -> None:
    async with redactor() as made:
        found = await made.unlisted(["buurman", "moskee", "qwrtzplk"])

    assert found == [False, False, True]


@pytest.mark.parametrize(
    ("text", "given"),
    [
        ("bel mij op 0612345678 of 06-12 34 56 78", {"phone": "06-12345678"}),
        ("bel +31 6 1234 5678", {"phone": "0612345678"}),
        ("ik ben van 5 mei 1990, dus 05-05-1990 of 1990-05-05", {"born_on": "1990-05-05"}),
        ("mail Kwik@Zonderling.example", {"email": "kwik@zonderling.example"}),
        ("wij wonen aan de Kromme Wending 12a hier", {"address": "Kromme Wending 12a, 2700 AA Dorp"}),
        ("KWIKZILVER zonderlings fiets", {"names": (NAME,)}),
    ],
)
async def test_given_what_was_told_beside_the_text_when_redacted_then_it_is_gone_from_the_text(
    text: str, given: dict[str, Any]
) -> None:
    if "born_on" in given:
        given = {"born_on": dt.date.fromisoformat(given["born_on"])}
    async with redactor(processes=0) as made:
        (answer,) = await made.redact([asked(text, **given)])

    assert answer is not None
    left = answer.text.lower()
    assert not any(
        trace in left for trace in ("1234", "12 34", "5 mei", "05-05", "05-1990", "zonderling", "wending", "kwikzilver")
    )


async def test_given_placeholders_when_read_then_they_lie_on_the_redacted_text() -> None:
    async with redactor(processes=0) as made:
        (answer,) = await made.redact([asked(f"Mevrouw {NAME} belde 06-12345678 vandaag.", names=(NAME,))])

    assert answer is not None
    covered = [answer.text[one.start : one.end] for one in answer.placeholders]
    assert covered
    assert all("[" in one and one.endswith("]") for one in covered)
