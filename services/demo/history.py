# SPDX-License-Identifier: EUPL-1.2
"""A history as lines of JSON: who sent which signal when.

Owns reading and checking the envelope of a line. What a signal must look like is the rule of whoever receives it, and
no message here repeats anything of a line but its number.
"""

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from shared.errors import Rejected

_BEGINNING: Final = dt.datetime.min.replace(tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Line:
    """One signal of a history. Units: `op` is aware UTC; `number` counts lines from 1."""

    number: int
    op: dt.datetime
    partner: str
    adv: bool
    signal: Mapping[str, Any]


def _written(moment: object) -> object:
    """Only RFC 3339 text is a moment here; a bare number would be read as seconds or milliseconds by guess."""
    if not isinstance(moment, str) or "T" not in moment.upper():
        raise ValueError("a moment is written as text")
    return moment


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    op: Annotated[AwareDatetime, BeforeValidator(_written)]
    partner: Annotated[str, Field(min_length=1, max_length=100, pattern=r"\S")]
    adv: Annotated[bool, Field(strict=True)] = False
    signaal: dict[str, Any]


def read_history(file: Path) -> list[Line]:
    """The lines of a history file.

    Raises: Rejected (permanent) `history_unreadable` or `history_line_invalid`.
    """
    try:
        with file.open("rb") as lines:
            return list(parse(lines))
    except OSError:
        raise Rejected("history_unreadable") from None


def parse(lines: Iterable[str | bytes]) -> Iterator[Line]:
    """The lines of a history, in its order; empty lines are passed over.

    Raises: Rejected (permanent) `history_line_invalid` with `line` and `problem`, at the first line that is wrong.
    """
    latest, registers = _BEGINNING, dict[str, bool]()
    for number, raw in enumerate(lines, start=1):
        if not raw.strip():
            continue
        line = _line(number, raw)
        if line.op < latest:
            raise _invalid(number, "op lies before that of an earlier line")
        if registers.setdefault(line.partner, line.adv) != line.adv:
            raise _invalid(number, "adv differs from an earlier line of the same partner")
        latest = line.op
        yield line


def _line(number: int, raw: str | bytes) -> Line:
    try:
        form = _Form.model_validate(json.loads(raw, parse_constant=_refuse))
        json.dumps([form.partner, form.signaal], ensure_ascii=False).encode()  # half a surrogate pair cannot be sent on
        return Line(number, form.op.astimezone(dt.UTC), form.partner, form.adv, form.signaal)
    except ValidationError as error:
        named = {str(fault["loc"][0]) for fault in error.errors() if fault["loc"]} & _Form.model_fields.keys()
        wrong = ", ".join(sorted(named))
        raise _invalid(number, f"wrong or missing: {wrong}" if wrong else "this is not a line of a history") from None
    except (ValueError, OverflowError, RecursionError):
        raise _invalid(number, "this is not JSON that can be sent") from None


def _refuse(_constant: str) -> None:
    raise ValueError("NaN and infinities are not JSON")


def _invalid(number: int, problem: str) -> Rejected:
    return Rejected("history_line_invalid", line=number, problem=problem)
