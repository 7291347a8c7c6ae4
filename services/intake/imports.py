# SPDX-License-Identifier: EUPL-1.2
"""From a row of a spreadsheet to a signal, with every fault named by row and column. Pure.

No fault repeats a value. Cells are text, or a date where the spreadsheet knew it was one.
"""

import datetime as dt
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from babel.dates import get_month_names
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from services.intake.columns import Layout
from services.intake.signals import FIRST_DATE, REGISTERED_KINDS, Rules, Signal
from shared.vocabulary import CodeList

ROWS_LIMIT: Final = 10_000
COLUMNS_LIMIT: Final = 200
HEADER_ROWS: Final = 10  # a title and an explanation may stand above the header
FAULTS_LIMIT: Final = 1_000  # more than anybody reads; the counts stay right
Cell = str | dt.date | None
Find = Callable[[str], str | None]
_TIME: Final = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_DUTCH_DATE: Final = re.compile(rf"(\d{{1,2}})[-/.](\d{{1,2}})[-/.](\d{{4}}){_TIME}")
_ISO_DATE: Final = re.compile(rf"(\d{{4}})-?(\d{{1,2}})-?(\d{{1,2}}){_TIME}")
_WRITTEN_DATE: Final = re.compile(r"(\d{1,2})[ -]([a-z]{3,9})\.?[ -](\d{4})", re.IGNORECASE)
_SERIAL_DATE: Final = re.compile(r"[2-7]\d{4}")  # Excel's day number: 1954 to 2119
_SERIAL_START: Final = dt.date(1899, 12, 30)
_MONTHS: Final = {
    name.rstrip("."): month
    for width in ("wide", "abbreviated")
    for month, name in get_month_names(width, locale="nl").items()
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row, numbered as the spreadsheet shows it: the header is row 1."""

    number: int
    cells: Sequence[Cell]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong with one row, or worth a look."""

    row: int
    column: str
    detail: str

    def as_wire(self) -> dict[str, object]:
        """The fault in Dutch."""
        return {"rij": self.row, "kolom": self.column, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as the raw form of a signal, with what could not be read."""

    raw: Mapping[str, Any]
    registered_on: dt.date
    faults: list[RowFault]


def lists_for(rules: Rules) -> dict[str, CodeList]:
    """The code lists by the names the columns use."""
    codes = rules.codes
    names = (
        "kinds", "grounds", "subgrounds", "terrains", "natures", "reporter_roles", "anonymity", "residency",
        "handling", "incident_places",
    )  # fmt: skip
    return {name: getattr(codes, name) for name in names} | {"districts": rules.districts}


def finders(lists: Mapping[str, CodeList]) -> dict[str, Find]:
    """What finds a code in each list; the same few values come back in row after row."""
    return {name: lru_cache(maxsize=1_000)(one.find) for name, one in lists.items()}


def draft(row: Row, layout: Layout, lists: Mapping[str, Find], rules: Rules) -> Draft:
    """The row as a raw signal. A value no list knows goes through as it is, so that the rules refuse it."""
    raw: dict[str, Any] = {}
    faults: list[RowFault] = []
    registered_on = rules.today
    for column, header, cell in zip(layout.columns, layout.headers, row.cells, strict=False):
        if column is None or cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        value: object
        if column.date:
            day = as_date(cell)
            if day is None:
                faults.append(RowFault(row.number, header, "Hier hoort een datum, zoals 31-12-2026."))
                continue
            if column.registered:
                registered_on = day
                continue
            value = day
        else:
            text = cell.strftime("%d-%m-%Y") if isinstance(cell, dt.date) else cell.strip()
            known = lists.get(column.list) if column.list else None
            value = _values(text, known) if column.many else _coded(text, known)
        _put(raw, column.path, value)
    if isinstance(raw.get("massamelding"), str):
        raw["massamelding"] = slug(raw["massamelding"])
    raw.setdefault("soort", "signaal")
    faults += _registered_faults(row, raw, registered_on, layout, rules)
    return Draft(raw, registered_on, faults)


def _registered_faults(
    row: Row, raw: Mapping[str, Any], registered_on: dt.date, layout: Layout, rules: Rules
) -> list[RowFault]:
    faults = []
    if raw["soort"] in REGISTERED_KINDS and not rules.may_register:
        header = layout.header_of(("soort",))
        faults.append(RowFault(row.number, header, "Met uw sleutel kunt u alleen de soort signaal sturen."))
    if registered_on == rules.today:
        return faults
    header = layout.header_of(("registratiedatum",))
    if not rules.may_register:
        faults.append(RowFault(row.number, header, "Alleen het meldpunt kan een registratiedatum opgeven."))
    elif not FIRST_DATE <= registered_on < rules.today:
        faults.append(RowFault(row.number, header, "De registratiedatum ligt in de toekomst of voor 1900."))
    return faults


def warnings_of(row: Row, signal: Signal, header: str) -> list[RowFault]:
    """What is allowed but worth a look. `header` is that of the district's column, if there is one."""
    if header and signal.incident.district == "onbekend":
        return [RowFault(row.number, header, "De wijk is onbekend. Weet u hem wel? Vul hem dan in.")]
    return []


def as_date(cell: Cell) -> dt.date | None:
    """The day a cell names.

    >>> as_date("3-11-2026"), as_date("2026-11-03"), as_date("2026-11-03 00:00:00") == as_date("03/11/2026")
    (datetime.date(2026, 11, 3), datetime.date(2026, 11, 3), True)
    >>> as_date("3 november 2026") == as_date("46329") == as_date("20261103") == as_date("3-11-2026 14:30")
    True
    >>> as_date("31-02-2026") is None
    True
    """
    if isinstance(cell, dt.date) or cell is None:
        return cell
    text = cell.strip()
    if dutch := _DUTCH_DATE.fullmatch(text):
        day, month, year = (int(part) for part in dutch.groups())
    elif iso := _ISO_DATE.fullmatch(text):
        year, month, day = (int(part) for part in iso.groups())
    elif written := _WRITTEN_DATE.fullmatch(text):
        day, month, year = int(written[1]), _MONTHS.get(written[2].lower(), 0), int(written[3])
    else:
        return _SERIAL_START + dt.timedelta(days=int(text)) if _SERIAL_DATE.fullmatch(text) else None
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def slug(name: str) -> str:
    """The name of an action as the wire wants it.

    >>> slug("Open brief: Stop nu!")
    'open-brief-stop-nu'
    """
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:80]


def _coded(text: str, known: Find | None) -> str:
    return (known(text) or text) if known is not None else text


def _values(text: str, known: Find | None) -> tuple[str, ...]:
    if known is not None and (whole := known(text)):  # some labels hold the separator of another register
        return (whole,)
    parts = [part.strip() for part in re.split(r"[|\n]", text) if part.strip()]
    return tuple(dict.fromkeys(code for part in parts for code in _one_or_more(part, known)))


def _one_or_more(part: str, known: Find | None) -> list[str]:
    """The codes in what stands between two separators; other separators count when all between them is known."""
    if known is not None and known(part) is None:
        codes = [known(piece) for piece in re.split(r"[,;/&+]", part) if piece.strip()]
        if len(codes) > 1 and all(codes):
            return [code for code in codes if code]
    return [_coded(part, known)]


def glued_faults(row: Row, layout: Layout) -> list[RowFault]:
    """A cell that holds whole rows: a quote was opened there and closed somewhere further on."""
    least = max(len(layout.headers) - 1, 2)
    return [
        RowFault(row.number, header, "Hier zijn rijen aan elkaar geplakt. Er staat een aanhalingsteken te veel.")
        for header, cell in zip(layout.headers, row.cells, strict=False)
        if isinstance(cell, str) and any(max(map(line.count, ";,\t")) >= least for line in cell.splitlines()[1:])
    ]


def _put(raw: dict[str, Any], path: Sequence[str], value: object) -> None:
    for part in path[:-1]:
        raw = raw.setdefault(part, {})
    raw[path[-1]] = value


def encrypted(report: bytes, *, import_id: str, secret: bytes) -> bytes:
    """What a dry run told, as it is kept until its term has passed."""
    nonce = secrets.token_bytes(12)
    return nonce + _cipher(import_id, secret).encrypt(nonce, report, import_id.encode())


def decrypted(kept: bytes, *, import_id: str, secret: bytes) -> bytes:
    """What a dry run told."""
    return _cipher(import_id, secret).decrypt(kept[:12], kept[12:], import_id.encode())


def _cipher(import_id: str, secret: bytes) -> AESGCM:
    return AESGCM(HKDF(hashes.SHA256(), 32, salt=secret, info=b"import report").derive(import_id.encode()))
