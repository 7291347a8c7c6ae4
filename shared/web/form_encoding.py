# SPDX-License-Identifier: EUPL-1.2
"""Forms as a browser sends them, urlencoded or multipart, within bounds and in memory only.

Owns the limits on fields and files. Never writes a file to disk: what people upload here must not outlive the request.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import Field, File, FormParser, parse_options_header
from starlette.requests import Request

from shared.errors import Rejected
from shared.web.bodies import SLOW_BODY_SECONDS, read_body, require_content_type

FIELDS_LIMIT: Final = 200  # the largest form has about twenty fields and sixty boxes to tick
FILES_LIMIT: Final = 1
URLENCODED: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """One file of a form, whole, in memory. The name is what the sender calls it: shown to nobody else."""

    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Form:
    """The fields and files of one form, each name with every value it was sent with, in order."""

    fields: Mapping[str, list[str]]
    files: Mapping[str, list[UploadedFile]] = field(default_factory=dict)

    def first(self, name: str, default: str = "") -> str:
        """The first value of a field, without spaces around it."""
        return self.fields.get(name, [default])[0].strip()

    def all(self, name: str) -> list[str]:
        """Every value of a field that is not empty: the ticked boxes of a group."""
        return [value.strip() for value in self.fields.get(name, []) if value.strip()]


async def read_form(
    request: Request,
    limit_bytes: int,
    *,
    fields_limit: int = FIELDS_LIMIT,
    files_limit: int = FILES_LIMIT,
    seconds: float = SLOW_BODY_SECONDS,
) -> Form:
    """The form of this request.

    Raises: ProblemError 415 (not a form) and 408 (too slow), TooLarge 413, Rejected 400 (broken, too many fields).
    """
    media_type = require_content_type(request, (URLENCODED, MULTIPART))
    body = await read_body(request, limit_bytes, seconds=seconds)
    if media_type == URLENCODED:
        return _urlencoded(body, fields_limit)
    return _multipart(body, request.headers["content-type"], fields_limit, files_limit)


def _urlencoded(body: bytes, fields_limit: int) -> Form:
    try:
        pairs = parse_qsl(
            body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=fields_limit
        )  # fmt: skip
    except ValueError:  # UnicodeDecodeError is one too; neither text may be repeated
        raise Rejected("form_unreadable") from None
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value)
    return Form(fields)


def _multipart(body: bytes, content_type: str, fields_limit: int, files_limit: int) -> Form:
    fields: dict[str, list[str]] = {}
    files: dict[str, list[UploadedFile]] = {}
    counts = {"fields": 0, "files": 0}

    def on_field(part: Field) -> None:
        counts["fields"] += 1
        _within(counts["fields"], fields_limit)
        fields.setdefault(_text(part.field_name), []).append(_text(part.value))

    def on_file(part: File) -> None:
        counts["files"] += 1
        _within(counts["files"], files_limit)
        part.file_object.seek(0)
        uploaded = UploadedFile(_text(part.file_name), part.content_type or "", part.file_object.read())
        part.close()
        files.setdefault(_text(part.field_name), []).append(uploaded)

    boundary = parse_options_header(content_type)[1].get(b"boundary")
    # a file part may be as large as the whole body, which is bounded and in memory already: nothing goes to disk
    settings = {"MAX_MEMORY_FILE_SIZE": len(body) + 1, "MAX_FIELD_SIZE": len(body) + 1}
    try:
        parser = FormParser(MULTIPART, on_field, on_file, boundary=boundary, config=settings)
        parser.write(body)
        parser.finalize()
        parser.close()
    except (FormParserError, UnicodeDecodeError):
        raise Rejected("form_unreadable") from None
    return Form(fields, files)


def _within(count: int, limit: int) -> None:
    if count > limit:
        raise Rejected("form_too_many_parts")


def _text(raw: bytes | None) -> str:
    return (raw or b"").decode("utf-8")
