# SPDX-License-Identifier: EUPL-1.2
"""The statutory form as a PDF that everybody can read: PDF/UA-1 and PDF/A-2a.

Owns the one template it is set with. The same form gives the same bytes: the date in the file is the last day of the
year it is about, and only the fonts of the typesetter itself are used.
"""

import datetime as dt
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from services.stats.form_files import NOT_FOR_PUBLICATION, headings
from services.stats.wga import Schema

TEMPLATE: Final = Path(__file__).parent / "templates" / "wga.typ"


def as_pdf(form: Mapping[str, Any], schema: Schema, place: str) -> bytes:
    """The form on pages of A4."""
    import typst  # noqa: PLC0415 - a typesetter that only a PDF needs

    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        sys_inputs={"form": json.dumps(_content(form, schema, place))},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=dt.datetime(form["jaar"], 12, 31, tzinfo=dt.UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no single file")
    return made


def _content(form: Mapping[str, Any], schema: Schema, place: str) -> dict[str, Any]:
    footnotes = {section.code: section.footnote for section in schema.sections}
    return {
        "title": schema.title,
        "law": schema.law,
        "warning": NOT_FOR_PUBLICATION,
        "place": place,
        "year": form["jaar"],
        "headings": headings(form, place),
        "columns": [
            {"code": column.code, "label": column.label, "letter": "+".join(column.sum) or column.code}
            for column in schema.columns
        ],
        "sections": [
            {
                "label": section["label"],
                "footnote": footnotes.get(section["code"]),
                "rows": [{"label": row["label"], "values": row} for row in section["rijen"]],
                "total": section["totaal"],
            }
            for section in form["secties"]
        ],
        "questions": [{"text": one["vraag"], "cases": one["aantal"]} for one in form["vragen"]],
        "elsewhere": form["nietOpFormulier"],
        "differences": len(form["verschillen"]),
    }
