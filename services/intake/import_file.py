# SPDX-License-Identifier: EUPL-1.2
"""Reading a spreadsheet somebody sent: CSV or xlsx, within bounds, never running anything in it.

Owns the refusals of files that are none of these, each with a sentence a volunteer understands. Formulas are text.
"""

import csv
import datetime as dt
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from services.intake.imports import COLUMNS_LIMIT, HEADER_ROWS, ROWS_LIMIT, Cell, Row
from services.intake.xlsx_bounds import refuse_beyond
from shared.errors import Rejected

FILE_LIMIT_BYTES: Final = 10 * 1024 * 1024
CELL_LIMIT: Final = 32_767  # Excel's own
BLANK_ROWS_LIMIT: Final = 5_000  # a sheet may be formatted far below its last row
SHEETS_LIMIT: Final = 10
ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"
BOMS_UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
END: Final = "\x1eeinde"  # stands after the last row; inside a cell when a quote was never closed
# What zipfile, zlib, the XML parser behind openpyxl and openpyxl itself are known to raise on a broken file.
UNREADABLE: Final = (
    zipfile.BadZipFile, zlib.error, SyntaxError, LookupError, ValueError, TypeError,
    AttributeError, OSError, EOFError, RuntimeError, ArithmeticError, AssertionError,
)  # fmt: skip
NumberedRow = tuple[int, list[Cell]]
IsHeader = Callable[[Sequence[str]], bool]

warnings.filterwarnings("ignore", module="openpyxl")  # they repeat what a cell holds
csv.field_size_limit(FILE_LIMIT_BYTES)  # a cell that is too long is a fault of its row, not of the file


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: its header row, and the rows below that are not empty."""

    headers: list[str]
    rows: list[Row]
    header_number: int = 1


def read(name: str, content: bytes, is_header: IsHeader = bool) -> Sheet:
    """The sheet in a file. Raises: Rejected with the reason, as a code that has a sentence.

    A title or an explanation may stand above the header, or on a sheet before it: the first row that `is_header` says
    yes to is the header, else the first row that is not empty.
    """
    if not content.strip():
        raise Rejected("file_empty")
    if content.startswith(OLE):
        raise Rejected("file_encrypted_or_old")
    if content.startswith(ZIP):
        return _of_workbook(content, is_header)
    if content.startswith(PDF) or not name.lower().endswith((".csv", ".txt", ".tsv")):
        raise Rejected("file_no_spreadsheet")
    return _sheet(_csv_rows(content), is_header)


def _sheet(rows: Iterable[NumberedRow], is_header: IsHeader) -> Sheet:
    rows = iter(rows)
    above = list(islice(rows, HEADER_ROWS))
    if not above:
        raise Rejected("file_empty")
    at = next((place for place, (_, cells) in enumerate(above) if is_header(_headers(cells))), 0)
    number, headers = above[at][0], _headers(above[at][1])
    if len(headers) > COLUMNS_LIMIT:
        raise Rejected("file_too_many_columns", limit=COLUMNS_LIMIT)
    found = [Row(below, cells[: len(headers)]) for below, cells in above[at + 1 :]]
    for below, cells in rows:
        if len(found) == ROWS_LIMIT:
            raise Rejected("file_too_many_rows", limit=ROWS_LIMIT)
        found.append(Row(below, cells[: len(headers)]))
    return Sheet(headers, found, number)


def _headers(cells: Sequence[Cell]) -> list[str]:
    headers = [str(cell).strip() if cell is not None else "" for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    return headers


def _blank(cells: Iterable[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _csv_rows(content: bytes) -> Iterator[NumberedRow]:
    text = _decoded(content).replace("\0", "")
    hint = text[:20].lower().lstrip('"')
    if hint.startswith("sep="):  # Excel's own hint, which is no row of the table
        text = text.partition("\n")[2]
        separator = hint[4:5].strip() or ("\t" if hint[4:5] == "\t" else ";")
    else:
        separator = _separator(text)
    lines = io.StringIO(f"{text.rstrip()}\n{END}", newline="")
    last = 0
    for number, cells in enumerate(csv.reader(lines, delimiter=separator, strict=False), start=1):
        if len(cells) > COLUMNS_LIMIT * 2:
            raise Rejected("file_too_many_columns", limit=COLUMNS_LIMIT)
        if cells == [END]:
            return
        if not _blank(cells):
            last = number
            yield number, list(cells)
    raise Rejected("file_quote_left_open", errors=[{"pointer": "/bestand", "detail": f"Kijk bij rij {last}."}])


def _decoded(content: bytes) -> str:
    """The text of a file, whichever of the usual codings it is in. Raises: Rejected `file_unreadable_text`."""
    zeros = content[:4_096].count(0)
    if content.startswith(BOMS_UTF_16):
        codings = ["utf-16"]
    elif zeros > len(content[:4_096]) // 4:  # every second byte of plain words in UTF-16
        codings = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        codings = ["utf-8-sig", "cp1252"]
    for coding in codings:
        try:
            text = content.decode(coding)
        except UnicodeDecodeError:
            continue
        if _readable(text):
            return text
    raise Rejected("file_unreadable_text" if zeros == 0 or len(codings) == 1 else "file_no_spreadsheet")


def _readable(text: str) -> bool:
    """Whether this is text at all: hardly any control characters."""
    start = text[:4_096].replace("\0", "")
    odd = sum(1 for char in start if ord(char) < 32 and char not in "\t\r\n")
    return odd * 50 <= len(start) + 49


def _separator(text: str) -> str:
    """What separates the columns: whichever of the three the first line has most of, outside quotes."""
    header, quoted = {";": 0, ",": 0, "\t": 0}, False
    for char in text[:20_000]:
        if char == '"':
            quoted = not quoted
        elif not quoted and char in "\r\n":
            break
        elif not quoted and char in header:
            header[char] += 1
    return max(header, key=lambda separator: header[separator])


def _of_workbook(content: bytes, is_header: IsHeader) -> Sheet:
    import openpyxl  # noqa: PLC0415 - ten megabytes that only a workbook needs
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - as above

    try:
        refuse_beyond(content)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (*UNREADABLE, InvalidFileException):
        raise Rejected("file_no_spreadsheet") from None
    try:
        return _sheet(_rows_of(_chosen(workbook.worksheets[:SHEETS_LIMIT], is_header)), is_header)
    except UNREADABLE:
        raise Rejected("file_no_spreadsheet") from None
    finally:
        workbook.close()


def _chosen(sheets: Sequence[Any], is_header: IsHeader) -> Any:  # noqa: ANN401 - openpyxl gives its class no public name
    """The first sheet with a header row, else the first that is not empty, else the first."""
    filled = []
    for sheet in sheets:
        above = list(islice(_rows_of(sheet), HEADER_ROWS))
        if any(is_header(_headers(cells)) for _, cells in above):
            return sheet
        filled += [sheet] if above else []
    return [*filled, *sheets][0]


def _rows_of(sheet: Any) -> Iterator[NumberedRow]:  # noqa: ANN401 - openpyxl gives its class no public name
    sheet.reset_dimensions()  # what the file says of its own size is not believed
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        values = [_cell(value) for value in cells]
        if _blank(values):
            blank += 1
            if blank > BLANK_ROWS_LIMIT:
                return
            continue
        yield number, values


def _cell(value: object) -> Cell:
    if value is None or isinstance(value, str):
        return value[:CELL_LIMIT] if isinstance(value, str) else None
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:CELL_LIMIT]
