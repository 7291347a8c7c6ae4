# SPDX-License-Identifier: EUPL-1.2
"""Sealing opens for its own signal, purpose and epoch only; a destroyed epoch opens for nobody."""

import datetime as dt
from pathlib import Path

import pytest

from shared import keys
from shared.errors import Misconfigured, Rejected
from shared.sealing import Epoch, seal
from shared.unsealing import OpeningKeys, private_from_bytes, unseal

TODAY = dt.datetime(2026, 11, 2, tzinfo=dt.UTC)


def opening(store: keys.KeyStore) -> OpeningKeys:
    return OpeningKeys({epoch: private_from_bytes(raw) for epoch, raw in store.sealing_privates().items()})


def test_given_a_sealed_payload_when_opened_for_its_signal_then_it_is_what_went_in(tmp_path: Path) -> None:
    store = keys.create(tmp_path, at=TODAY)
    key = store.sealing_key()

    sealed = seal(b"text", key, signal_id="s1", purpose="submitted")

    assert b"text" not in sealed
    assert unseal(sealed, opening(store), epoch=key.epoch, signal_id="s1", purpose="submitted") == b"text"


@pytest.mark.parametrize(
    ("signal_id", "purpose", "flip"), [("s2", "submitted", 0), ("s1", "corrected", 0), ("s1", "submitted", 1)]
)
def test_given_another_signal_purpose_or_a_damaged_byte_when_opened_then_rejected(
    tmp_path: Path, signal_id: str, purpose: str, flip: int
) -> None:
    store = keys.create(tmp_path, at=TODAY)
    key = store.sealing_key()
    sealed = bytearray(seal(b"text", key, signal_id="s1", purpose="submitted"))
    sealed[-1] ^= flip

    with pytest.raises(Rejected) as caught:
        unseal(bytes(sealed), opening(store), epoch=key.epoch, signal_id=signal_id, purpose=purpose)

    assert caught.value.code == "cannot_open"


def test_given_a_rotation_when_sealing_then_the_new_epoch_is_used_and_the_old_still_opens(tmp_path: Path) -> None:
    store = keys.create(tmp_path, at=TODAY)
    first = store.sealing_key()
    sealed = seal(b"old", first, signal_id="s", purpose="submitted")

    second = store.rotate_sealing(at=TODAY)

    assert store.sealing_key().epoch == second
    assert unseal(sealed, opening(store), epoch=first.epoch, signal_id="s", purpose="submitted") == b"old"


def test_given_a_destroyed_epoch_when_opening_then_unknown_and_the_epoch_stays_listed(tmp_path: Path) -> None:
    store = keys.create(tmp_path, at=TODAY)
    old = store.sealing_key()
    sealed = seal(b"old", old, signal_id="s", purpose="submitted")
    store.rotate_sealing(at=TODAY)

    store.destroy_sealing(old.epoch)

    assert old.epoch in store.epochs()
    with pytest.raises(Rejected) as caught:
        unseal(sealed, opening(store), epoch=old.epoch, signal_id="s", purpose="submitted")
    assert caught.value.code == "unknown_epoch"


def test_given_no_such_epoch_when_destroying_then_misconfigured(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        keys.create(tmp_path, at=TODAY).destroy_sealing(Epoch("9999-20260101"))


def test_given_only_the_newest_epoch_destroyed_when_sealing_then_it_says_there_is_no_key(tmp_path: Path) -> None:
    store = keys.create(tmp_path, at=TODAY)
    store.destroy_sealing(store.sealing_key().epoch)

    with pytest.raises(Misconfigured) as caught:
        store.sealing_key()

    assert caught.value.code == "no_sealing_key"


def test_given_keys_that_exist_when_created_again_then_none_changes(tmp_path: Path) -> None:
    first = keys.create(tmp_path, at=TODAY)
    before = (first.secret("intake"), first.signing_key("staff").private_bytes_raw(), first.epochs())

    second = keys.create(tmp_path, at=TODAY)

    assert (second.secret("intake"), second.signing_key("staff").private_bytes_raw(), second.epochs()) == before
    assert (tmp_path.stat().st_mode & 0o777, (tmp_path / "intake.secret").stat().st_mode & 0o777) == (0o700, 0o600)


def test_given_a_missing_key_when_read_then_misconfigured_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as caught:
        keys.KeyStore(tmp_path).secret("intake")

    assert caught.value.fields == {"file": "intake.secret"}
