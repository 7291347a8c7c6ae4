# SPDX-License-Identifier: EUPL-1.2
"""The committed API documents say what the program does."""

from pathlib import Path

import pytest

from tests.contract.snapshots import FOLDER, document, text_of

COMMITTED = sorted(path.stem for path in FOLDER.glob("*.json"))


@pytest.mark.parametrize("service", COMMITTED)
def test_given_the_program_when_its_document_is_made_then_it_is_the_committed_one(service: str, tmp_path: Path) -> None:
    made = text_of(document(service, tmp_path))

    assert made == (FOLDER / f"{service}.json").read_text(encoding="utf-8"), "run `make snapshots` and read the diff"


def test_given_the_committed_documents_when_counted_then_intake_is_among_them() -> None:
    assert "intake" in COMMITTED
