# SPDX-License-Identifier: EUPL-1.2
"""The `report` and `benchmark` commands: a report as a file, and checking a file of published figures.

Owns the commands only. A report holds released figures alone, so it is as public as the releases it is made from.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from services.stats.wga_command import write
from shared.commands import EXIT_BAD_INPUT, Data, Json, opened, run, show, stop

FORMATS: Final = ("json", "pdf")
KINDS: Final = ("raad", "wijken")


def report(
    *,
    municipality: Annotated[str, typer.Option(help="Its code, as in deploy/municipalities.")],
    period: Annotated[str, typer.Option(help="2026-K3, 2026-H1, 2026, or a range: 2025-K3--2026-K2.")],
    out: Annotated[Path, typer.Option(help="The file to write, or - for standard output.")],
    kind: Annotated[str, typer.Option(help="raad (for the council) or wijken (the districts).")] = "raad",
    form: Annotated[str, typer.Option("--format", help="json or pdf.")] = "pdf",
    data: Data = None,
) -> None:
    """A report made of approved releases. The same releases and texts give the same bytes."""
    if form not in FORMATS or kind not in KINDS:
        stop(f"use a format of {', '.join(FORMATS)} and a kind of {', '.join(KINDS)}", EXIT_BAD_INPUT)

    async def make() -> bytes:
        from services.stats import report as reports
        from services.stats import report_pages, report_pdf
        from services.stats.reporting import reporting_of
        from services.stats.reports import Span
        from services.stats.settings import StatsSettings
        from shared.municipalities import load
        from shared.settings import read, read_installation

        configured = load(read_installation(data=data).municipalities)
        place = configured.get(municipality)
        asked = reports.Asked(kind, place.code, Span.named(period))
        async with opened("stats", data) as database, database.reading() as tx:
            made = await reports.made(asked, tx, reporting=reporting_of(configured, read(StatsSettings).benchmark))
        if form == "pdf":
            return report_pdf.as_pdf(made)
        return (json.dumps(report_pages.as_wire(made), ensure_ascii=False, indent=1) + "\n").encode()

    write(run(make), out)


def benchmark(
    file: Annotated[Path, typer.Argument(help="JSON as shipped, or csv; see docs/figures.md.")], as_json: Json = False
) -> None:
    """Whether a file of figures others published can be used; set STATS_BENCHMARK to use it."""

    async def check() -> Any:  # noqa: ANN401 - its type is imported when it runs
        from services.stats import benchmark_files
        from shared.errors import Misconfigured, Rejected

        try:
            return benchmark_files.read(file)
        except Misconfigured as error:  # here it is what somebody handed in, not what was configured
            raise Rejected(error.code, errors=(), **error.fields) from None

    found = run(check)
    counts = {"figures": len(found.figures), "inhabitants": len(found.inhabitants)}
    show(counts, as_json=as_json, lines=[f"good: {counts['figures']} figures, {counts['inhabitants']} populations"])


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("report")(report)
    app.command("benchmark")(benchmark)
