# SPDX-License-Identifier: EUPL-1.2
"""From a validation error to a list of faults a sender can act on.

Owns the Dutch sentence per kind of fault and the RFC 6901 pointer to its place. Never repeats the value that was
sent: pydantic's own messages and contexts may hold it, so only numbers and the schema's own words are used.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, get_args

from pydantic import ValidationError
from pydantic_core import core_schema

from shared.errors import FieldFault

KEY_LENGTH_LIMIT: Final = 64  # the name of an unknown field is pointed at, a text sent as a name is not repeated
GENERIC: Final = "Deze waarde is niet geldig."

_KNOWN_TYPES: Final = frozenset(get_args(core_schema.ErrorType))
_PLAIN: Final[Mapping[str, str]] = {
    "missing": "Dit veld is verplicht.",
    "extra_forbidden": "Dit veld bestaat niet.",
    "invalid_key": "De naam van een veld moet tekst zijn.",
    "json_invalid": "De inhoud is geen geldige JSON.",
    "json_type": "De inhoud is geen geldige JSON.",
    "recursion_loop": "De inhoud is te diep genest.",
    "model_type": "Hier hoort een object.",
    "model_attributes_type": "Hier hoort een object.",
    "dict_type": "Hier hoort een object.",
    "list_type": "Hier hoort een lijst.",
    "tuple_type": "Hier hoort een lijst.",
    "set_type": "Hier hoort een lijst.",
    "frozen_set_type": "Hier hoort een lijst.",
    "string_type": "Hier hoort tekst.",
    "string_unicode": "De tekst bevat tekens die niet geldig zijn.",
    "string_pattern_mismatch": "De tekst heeft niet de goede vorm.",
    "enum": "Deze code staat niet in de lijst.",
    "literal_error": "Deze code staat niet in de lijst.",
    "union_tag_invalid": "Deze code staat niet in de lijst.",
    "union_tag_not_found": "Het veld dat de soort bepaalt, ontbreekt.",
    "bool_type": "Hier hoort true of false.",
    "bool_parsing": "Hier hoort true of false.",
    "int_type": "Hier hoort een geheel getal.",
    "int_parsing": "Hier hoort een geheel getal.",
    "int_parsing_size": "Dit getal is te groot.",
    "int_from_float": "Hier hoort een geheel getal.",
    "float_type": "Hier hoort een getal.",
    "float_parsing": "Hier hoort een getal.",
    "finite_number": "Hier hoort een eindig getal.",
    "decimal_type": "Hier hoort een getal.",
    "decimal_parsing": "Hier hoort een getal.",
    "date_type": "Hier hoort een datum (jjjj-mm-dd).",
    "date_parsing": "Hier hoort een datum (jjjj-mm-dd).",
    "date_from_datetime_parsing": "Hier hoort een datum (jjjj-mm-dd).",
    "date_from_datetime_inexact": "Hier hoort een datum zonder tijd (jjjj-mm-dd).",
    "date_past": "Deze datum moet in het verleden liggen.",
    "date_future": "Deze datum moet in de toekomst liggen.",
    "datetime_type": "Hier hoort een tijdstip (RFC 3339).",
    "datetime_parsing": "Hier hoort een tijdstip (RFC 3339).",
    "datetime_from_date_parsing": "Hier hoort een tijdstip (RFC 3339).",
    "timezone_aware": "Geef bij het tijdstip de tijdzone.",
    "uuid_type": "Hier hoort een UUID.",
    "uuid_parsing": "Hier hoort een UUID.",
    "url_type": "Hier hoort een webadres.",
    "url_parsing": "Hier hoort een webadres.",
    "url_scheme": "Dit soort webadres mag hier niet.",
    "none_required": "Hier hoort null.",
}
_BOUNDED: Final[Mapping[str, tuple[str, str]]] = {
    "string_too_short": ("min_length", "De tekst is te kort: minstens {} tekens."),
    "string_too_long": ("max_length", "De tekst is te lang: hoogstens {} tekens."),
    "too_short": ("min_length", "De lijst is te kort: minstens {}."),
    "too_long": ("max_length", "De lijst is te lang: hoogstens {}."),
    "greater_than": ("gt", "De waarde moet groter zijn dan {}."),
    "greater_than_equal": ("ge", "De waarde moet minstens {} zijn."),
    "less_than": ("lt", "De waarde moet kleiner zijn dan {}."),
    "less_than_equal": ("le", "De waarde mag hoogstens {} zijn."),
}


def pointer(location: Iterable[str | int]) -> str:
    """The RFC 6901 pointer to a place.

    >>> pointer(("voorval", "a/b~c", 0))
    '/voorval/a~1b~0c/0'
    >>> pointer(())
    ''
    """
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in location)


def validation_errors(
    error: ValidationError | Sequence[Mapping[str, Any]],
    *,
    below: Sequence[str | int] = (),
    place: Callable[[tuple[str | int, ...]], Iterable[str | int]] = tuple,
) -> list[FieldFault]:
    """Every fault at once, in the order pydantic found them.

    `below` goes in front of each place (a line of a bulk, say); `place` may rewrite a location first.
    A `PydanticCustomError` without context keeps its own sentence, because that is fixed text of ours.
    """
    found = error.errors(include_url=False, include_input=False) if isinstance(error, ValidationError) else error
    return [
        {"pointer": pointer((*below, *place(_location(one)))), "detail": _sentence(one)} for one in found
    ]  # fmt: skip


def _location(one: Mapping[str, Any]) -> tuple[str | int, ...]:
    location: tuple[str | int, ...] = tuple(one["loc"])
    if one["type"] == "json_invalid":
        return ()
    last = location[-1] if location else ""
    repeats_text = one["type"] in {"extra_forbidden", "invalid_key"} and not _is_name(str(last))
    return location[:-1] if repeats_text else location


def _is_name(key: str) -> bool:
    return len(key) <= KEY_LENGTH_LIMIT and key.isprintable()


def _sentence(one: Mapping[str, Any]) -> str:
    kind, context = one["type"], one.get("ctx") or {}
    if kind in _BOUNDED:
        name, sentence = _BOUNDED[kind]
        bound = context.get(name)
        return sentence.format(bound) if isinstance(bound, int | float) else GENERIC
    if kind in _PLAIN:
        return _PLAIN[kind]
    if kind not in _KNOWN_TYPES and not context:
        return str(one["msg"])
    return GENERIC
