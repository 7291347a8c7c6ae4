# SPDX-License-Identifier: EUPL-1.2
"""Give what was released: figures for whoever may not see exact counts, and the releases themselves.

Owns who sees what: the bureau sees concepts too, signed-in readers see what was approved. What is printed and what is
hidden was decided when a release was made.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from services.stats import release_figures
from services.stats.catalogues import Catalogue
from services.stats.figures import Answer, Method, Question
from services.stats.open_files import DataSet, Row
from services.stats.releases import Release, has_open_figures
from services.stats.storage import releases as kept
from shared.access import Role, Staff
from shared.database import Transaction
from shared.errors import Forbidden, NotFound

READERS: Final = frozenset({Role.ADV, Role.GEMEENTE, Role.NETWERK, Role.RAAD, Role.FG})


async def answer_from_releases(
    question: Question,
    audience: str,
    tx: Transaction,
    *,
    catalogue: Callable[[str], Catalogue],
    order: Callable[[str], Mapping[str, Sequence[str]]],
) -> Answer | None:
    """The figures of approved releases; without any that fit, no figures and the periods that do have them.

    None when nothing was released at all.
    """
    approved = await kept.approved(tx, question.municipality)
    if not approved:
        return None
    method: Method = "onderdrukt" if audience == "partners" else "celsleutel"
    found = release_figures.from_releases(
        question, approved, catalogue=catalogue(question.municipality), method=method
    )  # fmt: skip
    if found is not None and (found.cells or found.total is not None):
        return release_figures.ordered(found, order(question.municipality))
    why = f"Voor deze vraag zijn er geen goedgekeurde cijfers. {release_figures.available(approved)}"
    return Answer(question, (), None, method, why, None, "geen-publicatie")


async def read_release(release_id: str, tx: Transaction, *, staff: Staff) -> Release:
    """The release. Raises: Forbidden; NotFound, also for a concept or a retracted one outside the bureau."""
    _require_reader(staff)
    release = await kept.by_id(tx, release_id)
    if release is None or (staff.role is not Role.ADV and release.state != "goedgekeurd"):
        raise NotFound("no_such_release")
    return release


async def list_releases(municipality: str, tx: Transaction, *, staff: Staff) -> list[Release]:
    """All releases of a municipality that this person may see, the newest period first. Raises: Forbidden."""
    _require_reader(staff)
    every = await kept.of(tx, municipality)
    return every if staff.role is Role.ADV else [one for one in every if one.state == "goedgekeurd"]


async def open_releases(municipality: str, tx: Transaction) -> list[Release]:
    """The approved quarters, whose open figures anybody may have."""
    return [one for one in await kept.approved(tx, municipality) if has_open_figures(one.period)]


def open_rows(
    data: DataSet, quarters: Sequence[Release], *, catalogue: Catalogue, order: Mapping[str, Sequence[str]]
) -> list[Row]:
    """The open figures of a data set: per quarter the same as the answer to whoever asks for that quarter."""
    rows: list[Row] = []
    for release in quarters:
        question = Question(
            dimensions=data.table,
            period=release.days,
            basis="registered",
            kinds=data.count.kinds,
            kind_asked=None,
            municipality=data.municipality,
            with_mass=True,
        )
        found = release_figures.from_releases(question, [release], catalogue=catalogue, method="celsleutel")
        if found is not None:
            rows += [
                (release.period, codes, number, release.revision)
                for codes, number in release_figures.ordered(found, order).cells
                if number is not None
            ]
    return rows


def _require_reader(staff: Staff) -> None:
    if staff.role not in READERS:
        raise Forbidden("role_not_allowed")
