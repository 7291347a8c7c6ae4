# SPDX-License-Identifier: EUPL-1.2
"""What each error code says to a person at the command line. Owns the words alone."""

from typing import Final

SENTENCES: Final = {
    "epoch_in_use": "signals are sealed to this epoch now; make a new one first with `seinhuis keys rotate`",
    "unknown_epoch": "there is no such epoch; see `seinhuis keys list`",
    "no_such_dead_letter": "there is no such dead letter; see `seinhuis dead-letters list`",
    "partner_exists": "there is a partner of this name already",
    "partner_unknown": "there is no partner of this name; see `seinhuis partner list`",
    "jwks_unreadable": "the file holds no JWK set",
    "jwks_empty": "the JWK set holds no keys",
    "jwks_too_many": "the JWK set holds too many keys",
    "jwks_not_public": "the JWK set must hold public keys only (RSA, EC or OKP), never a private or shared one",
    "jwks_key_too_short": "an RSA key in the JWK set is too short",
    "unknown_municipality": "this municipality is not configured; see deploy/municipalities",
    "receipt_proof_invalid": "this is not a proof of receipt of this installation",
    "data_already_there": "the data directory already holds other data; name an empty one with --data",
    "history_line_refused": "the history has a line that intake refuses",
    "no_such_release": "there is no such release; name its id or its period",
    "no_objection_round": "this release has no open round of objections",
    "no_such_report": "no approved releases make up this period, so there is no report of it",
    "period_unknown": "there is no such period; use 2026-K3, 2026-H1, 2026, or a range 2025-K3--2026-K2",
    "no_data_here": "there is no data in this directory",
    "file_exists": "there is a file of this name already",
    "data_busy": "a database stayed busy or cannot be read; nothing was written",
    "backup_unwritable": "the file or directory cannot be read or written; nothing was changed",
    "backup_unreadable": "this is not a backup that `seinhuis backup` wrote",
    "backup_damaged": "the backup is damaged; nothing was restored",
    "backup_not_embedded": "databases or bus are not files here: use pg_dump and Kafka's own tools (docs/running.md)",
}
