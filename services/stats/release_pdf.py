# SPDX-License-Identifier: EUPL-1.2
"""A release as a PDF that everybody can read: PDF/UA-1 and PDF/A-2a.

Owns the template it is set with. The same release gives the same bytes: the date in the file is that of the release.
"""

import json
from pathlib import Path
from typing import Any, Final

from services.stats import release_files
from services.stats.catalogues import Catalogue
from services.stats.release_files import Label
from services.stats.releases import Release

TEMPLATE: Final = Path(__file__).parent / "templates" / "release.typ"


def as_pdf(release: Release, catalogue: Catalogue, label: Label, place: str) -> bytes:
    """The tables of a release on pages of A4."""
    import typst  # noqa: PLC0415 - a typesetter that only a PDF needs

    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        sys_inputs={"release": json.dumps(_content(release, catalogue, label, place))},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=(release.approved_at or release.made_at).replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no single file")
    return made


def _content(release: Release, catalogue: Catalogue, label: Label, place: str) -> dict[str, Any]:
    wire = release_files.as_wire(release, catalogue, for_bureau=False, whole=False)
    counts = []
    for counted, printed in zip(wire["tellingen"], release.printed.values(), strict=True):
        tables = [
            {**release_files.for_page(printed, table, label), "dims": list(table)}
            for table in printed.tables
            if table not in printed.dropped
        ]
        counts.append(counted | {"tables": [] if printed.withheld else tables})
    return {"place": place, "counts": counts, **{name: wire[name] for name in ("periode", "van", "tot", "revisie")},
            "status": wire["status"]}  # fmt: skip
