# SPDX-License-Identifier: EUPL-1.2
"""What schemathesis loads beside its own checks (`SCHEMATHESIS_HOOKS`).

Its check that valid data is taken knows only what JSON Schema can say. Some of our rules are more than that: check
characters in a code, a date that must not lie in the future, a district of the sender's own municipality, a sub-ground
that belongs to a chosen ground, the content of a file. The check below takes its place: what the schema allows may be
refused for one of these reasons and for no other.
"""

import re

import schemathesis
from schemathesis import GenerationMode

BEYOND_A_SCHEMA = {
    r"/(signaal/)?voorval/datum": r"Deze datum ligt (in de toekomst|voor 1900)\.|Hier hoort een datum.*",
    r"/(signaal/)?melder/geboortedatum": r"Deze datum ligt (in de toekomst|voor 1900)\.|Hier hoort een datum.*",
    r"/(signaal/)?voorval/wijk": r"Deze wijk staat niet in de lijst van deze gemeente\.",
    r"/(signaal/)?subgronden": r"Een subgrond hoort niet bij een gekozen grond\.",
    r"/ontvangstcode": r"Deze ontvangstcode klopt niet\..*",
    r"/kolommen": r"Dit is geen JSON die koppen aan kolommen verbindt\.",
}
FILE_CODES = re.compile(r"file_\w+|form_unreadable")
GONE_OR_TAKEN = {401, 403, 404, 409, 410, 429}


@schemathesis.check
def valid_data_is_taken(ctx, response, case) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - schemathesis' own
    """Data that fits the schema is taken, or refused for a reason that no schema can express."""
    made = case.meta
    if made is None or made.generation.mode != GenerationMode.POSITIVE or response.status_code < 400:
        return
    if response.status_code in GONE_OR_TAKEN or response.status_code >= 500:
        return  # the server-error check is another one
    told = response.json() if response.status_code == 400 else {}
    if FILE_CODES.fullmatch(str(told.get("code", ""))):
        return
    faults = told.get("errors", [])
    unexplained = [one for one in faults if not _beyond(one["pointer"], one["detail"])]
    assert faults, f"{response.status_code} for what the schema allows: {told}"
    assert not unexplained, f"{response.status_code} for what the schema allows: {unexplained}"


def _beyond(pointer: str, detail: str) -> bool:
    return any(
        re.fullmatch(place, pointer) and re.fullmatch(sentence, detail) for place, sentence in BEYOND_A_SCHEMA.items()
    )
