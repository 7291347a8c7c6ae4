# SPDX-License-Identifier: EUPL-1.2
"""Try a file: say what is good and what is not, and keep the good rows sealed until their sender confirms.

Nothing travels yet. Each good row is sealed to the anonymizer at once, together with the order that would take it back;
the receipt code both were made with is forgotten here. So intake can undo a file without being able to read it.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from uuid import uuid4

from pydantic import ValidationError

from services.intake import imports, receipts, sealed_signals, signals, storage
from services.intake.columns import REQUIRED, Column, Layout, header_key, layout
from services.intake.imports import FAULTS_LIMIT, Row, RowFault
from services.intake.sealed_signals import Sealer, Sender
from services.intake.signals import Rules, Signal
from services.intake.storage import imports as kept
from services.intake.storage.imports import Import, ImportRow
from shared import processing_log
from shared.database import Transaction
from shared.errors import FieldFault
from shared.processing_log import Activity, Trace

UNKNOWN_VALUE = "Deze waarde kennen wij niet. Kijk in het sjabloon wat u kunt kiezen."


class Sheet(Protocol):
    """What a file holds."""

    @property
    def headers(self) -> Sequence[str]: ...  # noqa: D102 - said by the name
    @property
    def rows(self) -> Sequence[Row]: ...  # noqa: D102 - said by the name
    @property
    def header_number(self) -> int: ...  # noqa: D102 - said by the name


class Faults(Protocol):
    """Turns a validation error into faults in plain Dutch."""

    def __call__(self, error: ValidationError, /) -> Sequence[FieldFault]: ...  # noqa: D102 - said by the name


@dataclass(slots=True)
class DryRun:
    """What a file came to."""

    id: str = field(default_factory=lambda: str(uuid4()))
    row_count: int = 0
    good: list[ImportRow] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    warnings: list[RowFault] = field(default_factory=list)
    unknown: tuple[str, ...] = ()
    reference_header: str = ""

    def as_wire(self) -> dict[str, object]:
        """The result in Dutch."""
        return {
            "id": self.id,
            "status": "proef",
            "rijen": self.row_count,
            "goed": len(self.good),
            "fouten": [fault.as_wire() for fault in self.faults[:FAULTS_LIMIT]],
            "waarschuwingen": [fault.as_wire() for fault in self.warnings[:FAULTS_LIMIT]],
        }


def chosen_columns(headers: Sequence[str], remembered: Mapping[str, str], *, secret: bytes) -> dict[str, str]:
    """What the partner chose before for the headers of this file, by header key."""
    by_key = {header_key(header): hashed(header, secret=secret) for header in headers}
    return {key: remembered[digest] for key, digest in by_key.items() if digest in remembered}


def hashed(header: str, *, secret: bytes) -> str:
    """What is kept of a header: somebody may have put a name in it."""
    return receipts.reference_hash(header_key(header), partner_id="import column", secret=secret)


def try_rows(
    sheet: Sheet,
    sender: Sender,
    *,
    columns: Sequence[Column],
    chosen: Mapping[str, str],
    rules: Rules,
    at: dt.datetime,
    sealer: Sealer,
    faults_of: Faults,
) -> DryRun:
    """The outcome for every row. Takes long for a large file and touches no database: to be run in a thread."""
    plan = layout(sheet.headers, columns, chosen)
    run = DryRun(row_count=len(sheet.rows), unknown=plan.unknown, reference_header=plan.header_of(("kenmerk",)))
    unknown = "Deze kolom kennen wij niet. Zij is overgeslagen."
    run.warnings += [RowFault(sheet.header_number, header, unknown) for header in plan.unknown]
    run.faults += [RowFault(sheet.header_number, header, "Deze kolom staat er twee keer in.") for header in plan.twice]
    present = {column.field for column in plan.columns if column is not None}
    missing = [column for column in columns if column.field in REQUIRED and column.field not in present]
    run.faults += [RowFault(sheet.header_number, column.label, "Deze kolom ontbreekt.") for column in missing]
    if missing or plan.twice:
        return run
    lists, seen = imports.finders(imports.lists_for(rules)), set[str]()
    district_header = plan.header_of(("voorval", "wijk"))
    for row in sheet.rows:
        draft = imports.draft(row, plan, lists, rules)
        signal, faults = _checked(draft, row, plan, rules, faults_of)
        faults += imports.glued_faults(row, plan)
        if signal is None or faults:
            run.faults += faults
            continue
        run.warnings += imports.warnings_of(row, signal, district_header)
        if signal.partner_reference is not None and signal.partner_reference in seen:
            run.warnings.append(RowFault(row.number, run.reference_header, "Dit kenmerk staat er twee keer in."))
        seen.add(signal.partner_reference or "")
        run.good.append(_sealed_row(row.number, signal, draft.registered_on, sender, at=at, sealer=sealer))
    return run


def _checked(
    draft: imports.Draft, row: Row, plan: Layout, rules: Rules, faults_of: Faults
) -> tuple[Signal | None, list[RowFault]]:
    faults = list(draft.faults)
    try:
        signal = signals.parse_mapping(draft.raw, rules)
    except ValidationError as error:
        known = {fault.column for fault in faults}
        for fault in faults_of(error):
            place = [part for part in fault["pointer"].split("/")[1:] if not part.isdecimal()]
            header = plan.header_of(place or ("subgronden",))
            if header not in known or not header:
                detail = UNKNOWN_VALUE if fault["detail"] == signals.UNKNOWN_CODE else fault["detail"]
                faults.append(RowFault(row.number, header or ".".join(place), detail))
        return None, faults
    return signal, faults


def _sealed_row(
    number: int, signal: Signal, registered_on: dt.date, sender: Sender, *, at: dt.datetime, sealer: Sealer
) -> ImportRow:
    code = sealed_signals.new_code()
    sealed = sealed_signals.seal_new(
        signal, sender, code=code, received_at=at, registered_on=registered_on, sealer=sealer
    )
    withdrawal = sealed_signals.seal_withdrawal(code, sealed.signal_id, sealer.key())
    reference = signal.partner_reference
    reference_hash = (
        receipts.reference_hash(reference, partner_id=sender.partner_id, secret=sealer.secret) if reference else None
    )
    return ImportRow(
        number, sealed.signal_id, sealed.receipt_hash, reference_hash, sealed.epoch, sealed.sealed, withdrawal,
        registered_on,
    )  # fmt: skip


async def warn_of_known(run: DryRun, tx: Transaction) -> None:
    """Add a warning for every row whose reference came before."""
    known = await storage.known_references(tx, [row.reference_hash for row in run.good if row.reference_hash])
    sentence = "Dit kenmerk is al eerder gestuurd. Het kan een dubbele zijn."
    run.warnings += [
        RowFault(row.number, run.reference_header, sentence) for row in run.good if row.reference_hash in known
    ]


async def stage(run: DryRun, tx: Transaction, *, partner_id: str, report: bytes, at: dt.datetime, trace: Trace) -> None:
    """The dry run is kept, once the transaction has committed."""
    one = Import(run.id, partner_id, "dry", run.row_count, len(run.good), 0, report, at, None, str(trace))
    kept.add(tx, one, run.good)
    processing_log.note(tx, Activity.IMPORT, trace=trace.next_hop(), subject=run.id, at=at)
