# SPDX-License-Identifier: EUPL-1.2
"""A report as a PDF that everybody can read: PDF/UA-1 and PDF/A-2a.

Owns the template it is set with and its drawings. The same report gives the same bytes: the date in the file is that of
the newest thing in the report.
"""

import json
from pathlib import Path
from typing import Any, Final

from services.stats import report_drawings
from services.stats.report_pages import Bars, Block, DistrictMap, Report, as_wire

TEMPLATE: Final = Path(__file__).parent / "templates" / "report.typ"
# The page's stylesheet is not there when a PDF is made, so the drawing carries its own colours: those of the tokens.
STYLE: Final = (
    "<style>text{font-family:'Libertinus Serif';font-size:15px;fill:#14263a}.value{font-weight:600}"
    ".bar{fill:#0b5c8f}.bar-hidden,.tile-hidden{fill:none;stroke:#5b6876;stroke-dasharray:4 3}"
    ".tile{stroke:#5b6876;stroke-width:1}.tile-1{fill:#eef4f9}.tile-2{fill:#cfe2f0}.tile-3{fill:#a6c9e2}"
    ".tile-4{fill:#7fb2d6}.tile-hidden{fill:#ffffff}.tile-name{font-size:13px}</style>"
)


def as_pdf(report: Report) -> bytes:
    """The report on pages of A4."""
    import typst  # noqa: PLC0415 - a typesetter that only a PDF needs

    made = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        sys_inputs={"report": json.dumps(_content(report))},
        ignore_system_fonts=True,
        format="pdf",
        pdf_standards=["a-2a", "ua-1"],
        timestamp=report.as_of.replace(microsecond=0),
    )
    if not isinstance(made, bytes):
        raise TypeError("the typesetter gave no single file")
    return made


def _content(report: Report) -> dict[str, Any]:
    wire = as_wire(report)
    for chapter, shown in zip(report.chapters, wire["hoofdstukken"], strict=True):
        shown["blokken"] = [
            found | _drawn(block) for block, found in zip(chapter.blocks, shown["blokken"], strict=True)
        ]
    return wire


def _drawn(block: Block) -> dict[str, Any]:
    if not isinstance(block, Bars | DistrictMap):
        return {}
    svg = str(report_drawings.drawn(block))
    head, _, rest = svg.partition(">")
    size = head.replace("<svg", '<svg xmlns="http://www.w3.org/2000/svg"')
    return {"svg": f"{size}>{STYLE}{rest}", "alt": report_drawings.described(block)}
