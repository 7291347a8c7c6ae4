# SPDX-License-Identifier: EUPL-1.2
"""Reading a spreadsheet somebody sent: CSV or xlsx, within bounds, never running anything in it.

Owns the refusals of files that are none of these, each with a sentence a volunteer understands. Formulas are text.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from xml.parsers import expat

from services.intake.imports import COLUMNS_LIMIT, ROWS_LIMIT, Cell, Row
from shared.errors import Rejected

FILE_LIMIT_BYTES: Final = 10 * 1024 * 1024
UNPACKED_LIMIT_BYTES: Final = 80 * 1024 * 1024
STRINGS_LIMIT_BYTES: Final = 32 * 1024 * 1024
CELL_LIMIT: Final = 32_767  # Excel's own
BLANK_ROWS_LIMIT: Final = 5_000  # a sheet may be formatted far below its last row
READ_BYTES: Final = 64 * 1024
ZIP, OLE, PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF"


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: its header row and the rows below that are not empty."""

    headers: list[str]
    rows: list[Row]


def read(name: str, content: bytes) -> Sheet:
    """The sheet in a file. Raises: Rejected with the reason, as a code that has a sentence."""
    if not content.strip():
        raise Rejected("file_empty")
    if content.startswith(OLE):
        raise Rejected("file_encrypted_or_old")
    if content.startswith(ZIP):
        return _sheet(_xlsx_rows(content))
    if content.startswith(PDF) or b"\0" in content[:4096] or not name.lower().endswith((".csv", ".txt", ".tsv")):
        raise Rejected("file_no_spreadsheet")
    return _sheet(_csv_rows(content))


def _sheet(rows: Iterable[tuple[int, list[Cell]]]) -> Sheet:
    headers: list[str] = []
    found: list[Row] = []
    for number, cells in rows:
        if not headers:
            headers = [str(cell).strip() if cell is not None else "" for cell in cells]
            while headers and not headers[-1]:
                headers.pop()
            if len(headers) > COLUMNS_LIMIT:
                raise Rejected("file_too_many_columns", limit=COLUMNS_LIMIT)
            continue
        if len(found) == ROWS_LIMIT:
            raise Rejected("file_too_many_rows", limit=ROWS_LIMIT)
        found.append(Row(number, cells[: len(headers)]))
    if not headers:
        raise Rejected("file_empty")
    return Sheet(headers, found)


def _blank(cells: Iterable[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in cells)


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    text = _decoded(content)
    if text.lower().startswith("sep="):  # Excel's own hint, which is no row of the table
        first, _, text = text.partition("\n")
        separator = first[4:5] or ";"
    else:
        separator = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=False)
    try:
        for number, cells in enumerate(reader, start=1):
            if len(cells) > COLUMNS_LIMIT * 2:
                raise Rejected("file_too_many_columns", limit=COLUMNS_LIMIT)
            if not _blank(cells):
                yield number, list(cells)
    except csv.Error:
        raise Rejected("file_no_spreadsheet") from None


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            return content.decode("cp1252")
        except UnicodeDecodeError:
            raise Rejected("file_unreadable_text") from None


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


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list[Cell]]]:
    import openpyxl  # noqa: PLC0415 - ten megabytes that only a workbook needs
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - as above

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _refuse_dangerous(archive)
            for part in archive.namelist():
                if part.startswith("xl/worksheets/") and part.endswith(".xml"):
                    _refuse_wide_or_long(archive, part)
        workbook = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (zipfile.BadZipFile, InvalidFileException, expat.ExpatError, KeyError, ValueError, TypeError, OSError):
        raise Rejected("file_no_spreadsheet") from None
    try:
        yield from _rows_of(workbook.worksheets[0])
    except (IndexError, KeyError, ValueError, TypeError, zipfile.BadZipFile):
        raise Rejected("file_no_spreadsheet") from None
    finally:
        workbook.close()


def _rows_of(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:  # noqa: ANN401 - openpyxl gives its class no public name
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


def _refuse_dangerous(archive: zipfile.ZipFile) -> None:
    parts = {info.filename.lower(): info.file_size for info in archive.infolist()}
    if "xl/workbook.xml" not in parts:
        raise Rejected("file_no_spreadsheet")
    if any(name.endswith("vbaproject.bin") for name in parts):
        raise Rejected("file_has_macros")
    if (
        len(parts) > 1_000
        or sum(parts.values()) > UNPACKED_LIMIT_BYTES
        or parts.get("xl/sharedstrings.xml", 0) > STRINGS_LIMIT_BYTES
    ):
        raise Rejected("file_too_large_unpacked")


@dataclass(slots=True)
class _Counting:
    """Counts the cells of a sheet as its XML streams by."""

    cells: int = 0
    filled: int = 0

    def start(self, name: str, _attributes: object) -> None:
        tag = name.rpartition(":")[2]
        if tag == "row":
            self.cells = 0
        elif tag == "c":
            self.cells += 1
        elif tag == "v":
            self.filled += 1
        if self.cells > COLUMNS_LIMIT * 2:
            raise Rejected("file_too_many_columns", limit=COLUMNS_LIMIT)
        if self.filled > (ROWS_LIMIT + 1) * COLUMNS_LIMIT:
            raise Rejected("file_too_many_rows", limit=ROWS_LIMIT)


def _refuse_doctype(*_: object) -> None:
    raise Rejected("file_no_spreadsheet")


def _refuse_wide_or_long(archive: zipfile.ZipFile, part: str) -> None:
    """Count cells while streaming: the library would first build a row in memory, however wide."""
    parser = expat.ParserCreate()
    parser.StartElementHandler = _Counting().start
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with archive.open(part) as file:
        while chunk := file.read(READ_BYTES):
            parser.Parse(chunk, False)  # noqa: FBT003 - expat's own signature
        parser.Parse(b"", True)  # noqa: FBT003 - expat's own signature
