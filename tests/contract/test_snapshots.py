# SPDX-License-Identifier: EUPL-1.2
"""The committed documents of APIs and events say what the program does."""

import json
from pathlib import Path

import pytest

from shared import contracts
from tests.contract.snapshots import DOCS, FOLDER, document, of_events, text_of

COMMITTED = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("service", COMMITTED)
def test_given_the_program_when_its_document_is_made_then_it_is_the_committed_one(service: str, tmp_path: Path) -> None:
    made = text_of(document(service, tmp_path))

    assert made == (FOLDER / f"{service}.json").read_text(encoding="utf-8"), "run `make snapshots` and read the diff"


def test_given_the_committed_documents_when_counted_then_intake_is_among_them() -> None:
    assert "intake" in COMMITTED


def test_given_the_program_when_the_documents_of_its_events_are_made_then_they_are_the_committed_ones(
    tmp_path: Path,
) -> None:
    made = of_events(tmp_path)

    committed = {path: path.read_text(encoding="utf-8") for path in [DOCS / "asyncapi.json", *DOCS.glob("schemas/*")]}
    assert made == committed, "run `make snapshots` and read the diff"


def test_given_the_document_of_the_events_when_read_then_each_has_a_sender_and_none_after_the_anonymizer_is_sealed(
    tmp_path: Path,
) -> None:
    document = json.loads(of_events(tmp_path)[DOCS / "asyncapi.json"])

    senders = {
        one["channel"]["$ref"].removeprefix("#/channels/")
        for one in document["operations"].values()
        if one["action"] == "send"
    }
    opened_by = [name for name in document["operations"] if name.endswith(".receives.SignalSubmitted")]
    assert senders == {event.topic for event in contracts.EVENTS}
    assert opened_by == ["anonymizer.receives.SignalSubmitted"]
