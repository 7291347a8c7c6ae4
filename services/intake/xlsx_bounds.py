# SPDX-License-Identifier: EUPL-1.2
"""What an xlsx file must keep to before any library opens it: no macros, no unfolding, no endless sheets.

Owns the bounds. Every part is streamed once and its elements are counted, whatever it is called: which part is a sheet
is decided by the file itself, and a library builds what it reads in memory.
"""

import io
import zipfile
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from services.intake.imports import COLUMNS_LIMIT, HEADER_ROWS, ROWS_LIMIT
from shared.errors import Rejected

UNPACKED_LIMIT_BYTES: Final = 80 * 1024 * 1024
PARTS_LIMIT: Final = 1_000
ELEMENTS_LIMIT: Final = 4_000_000  # 10,000 rows of a hundred columns, three elements each, with room to spare
STRINGS_LIMIT: Final = 250_000  # different texts: 10,000 rows of 25
ROW_ELEMENTS_LIMIT: Final = 100_000  # a sheet may be formatted far below its last row
OTHER_LIMIT_BYTES: Final = 4 * 1024 * 1024  # styles and the like, which are built in memory whole
TEXT_LIMIT: Final = 100_000  # in one piece; a cell of Excel holds 32,767
READ_BYTES: Final = 64 * 1024


def refuse_beyond(content: bytes) -> None:
    """Return when the file keeps to the bounds. Raises: Rejected with the reason; BadZipFile, ExpatError."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = archive.infolist()
        names = {info.filename.lower() for info in parts}
        if "xl/workbook.xml" not in names:
            raise Rejected("file_no_spreadsheet")
        if any(name.endswith("vbaproject.bin") for name in names):
            raise Rejected("file_has_macros")
        if len(parts) > PARTS_LIMIT or sum(info.file_size for info in parts) > UNPACKED_LIMIT_BYTES:
            raise Rejected("file_too_large_unpacked")
        total = 0
        for info in parts:
            total += _elements_in(archive, info)
            if total > ELEMENTS_LIMIT:
                raise Rejected("file_too_large_unpacked")


@dataclass(slots=True)
class _Counting:
    """Counts what a part is made of as its XML streams by."""

    elements: int = 0
    strings: int = 0
    rows: int = 0
    filled_rows: int = 0
    cells: int = 0
    row_is_filled: bool = False
    text: int = 0

    def start(self, name: str, _attributes: object) -> None:
        self.elements += 1
        self.text = 0
        tag = name.rpartition(":")[2]
        if tag == "c":
            self.cells += 1
            if self.cells > COLUMNS_LIMIT * 2:
                raise Rejected("file_too_many_columns", limit=COLUMNS_LIMIT)
        elif tag in {"v", "is"}:
            self._fill()
        elif tag == "row":
            self._next_row()
        elif tag == "si":
            self.strings += 1
        if self.elements > ELEMENTS_LIMIT or self.strings > STRINGS_LIMIT:
            raise Rejected("file_too_large_unpacked")

    def characters(self, data: str) -> None:
        self.text += len(data)
        if self.text > TEXT_LIMIT:
            raise Rejected("file_too_large_unpacked")

    def _next_row(self) -> None:
        self.cells, self.row_is_filled = 0, False
        self.rows += 1
        if self.rows > ROW_ELEMENTS_LIMIT:
            raise Rejected("file_too_many_rows", limit=ROWS_LIMIT)

    def _fill(self) -> None:
        self.filled_rows += not self.row_is_filled
        self.row_is_filled = True
        if self.filled_rows > ROWS_LIMIT + HEADER_ROWS:
            raise Rejected("file_too_many_rows", limit=ROWS_LIMIT)


def _refuse_doctype(*_: object) -> None:
    raise Rejected("file_no_spreadsheet")


def _elements_in(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> int:
    """How many elements a part has; 0 for one that is no XML, which no library reads as a sheet either."""
    counting = _Counting()
    parser = expat.ParserCreate()
    parser.StartElementHandler = counting.start
    parser.CharacterDataHandler = counting.characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        with archive.open(info) as file:
            while chunk := file.read(READ_BYTES):
                parser.Parse(chunk, False)  # noqa: FBT003 - expat's own signature
            parser.Parse(b"", True)  # noqa: FBT003 - expat's own signature
    except expat.ExpatError:
        return counting.elements
    if not (counting.rows or counting.strings) and info.file_size > OTHER_LIMIT_BYTES:
        raise Rejected("file_too_large_unpacked")
    return counting.elements
