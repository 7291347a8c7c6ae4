# SPDX-License-Identifier: EUPL-1.2
"""The `wga` command: the statutory form as a file, from the database itself.

Owns the command only. Whoever runs it has the keys of the installation, and is written down as the command line.
"""

import json
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from shared.commands import EXIT_BAD_INPUT, Data, key_store, opened, run, stop

FORMATS: Final = ("json", "csv", "xlsx", "pdf")
COMMAND_LINE: Final = "command-line"


def wga(
    *,
    municipality: Annotated[str, typer.Option(help="Its code, as in deploy/municipalities.")],
    year: Annotated[int, typer.Option(help="The calendar year of registration.")],
    out: Annotated[Path, typer.Option(help="The file to write, or - for standard output.")],
    form: Annotated[str, typer.Option("--format", help="json, csv, xlsx or pdf.")] = "json",
    schema: Annotated[str | None, typer.Option(help="A version of the form; default: that of the year.")] = None,
    without_mass: Annotated[bool, typer.Option("--without-mass-reports", help="Leave mass reports out.")] = False,
    as_it_stands: Annotated[bool, typer.Option("--current", help="As figures stand, though it is settled.")] = False,
    data: Data = None,
) -> None:
    """The statutory form of a year. The same data gives the same bytes. Not for publication."""
    if form not in FORMATS:
        stop(f"there is no such format; use one of {', '.join(FORMATS)}", EXIT_BAD_INPUT)

    async def make() -> bytes:
        from services.stats import form_catalog
        from services.stats import wga as forms
        from services.stats.form import FormAsked
        from services.stats.settings import StatsSettings
        from shared.errors import NotFound
        from shared.municipalities import load
        from shared.settings import read, read_installation

        place = load(read_installation(data=data).municipalities).get(municipality)
        if not 1900 <= year <= _this_year(place.timezone):
            raise NotFound("no_form_for_year")
        chosen = forms.choose(form_catalog.load(read(StatsSettings).forms), year, schema)
        asked = FormAsked(chosen, place.code, year, with_mass=not without_mass, as_it_stands=as_it_stands)
        return _rendered(await _read(asked, data), asked, place.name, form)

    write(run(make), out)


async def _read(asked: Any, data: Path | None) -> dict[str, Any]:  # noqa: ANN401 - its type is imported when it runs
    """The form, its export written down in the same transaction."""
    from services.stats.form import current_form
    from shared.audit import AuditLog
    from shared.clock import SystemClock

    facts = {"municipality": asked.municipality, "year": asked.year, "schema": asked.schema.schema}
    async with opened("stats", data) as database:
        keys, _ = key_store(data)
        audit = AuditLog("stats", SystemClock(), keys.secret("stats"), keys.signing_key("audit"))
        async with database.transaction() as tx:
            await audit.append(tx, actor=COMMAND_LINE, role="beheer", action="form-exported", facts=facts)
            return await current_form(asked, tx)


def _rendered(form: dict[str, Any], asked: Any, place: str, kind: str) -> bytes:  # noqa: ANN401 - see above
    from services.stats import form_files, form_pdf

    if kind == "json":
        return (json.dumps(form, ensure_ascii=False, indent=1) + "\n").encode()
    if kind == "csv":
        return form_files.as_csv(form, asked.schema)
    make = form_files.as_xlsx if kind == "xlsx" else form_pdf.as_pdf
    return make(form, asked.schema, place)


def _this_year(timezone: Any) -> int:  # noqa: ANN401 - zoneinfo is imported when it runs
    from shared.clock import SystemClock

    return SystemClock().now().astimezone(timezone).year


def write(content: bytes, out: Path) -> None:
    """The whole file or none: it is moved in place when it is complete."""
    if str(out) == "-":
        typer.get_binary_stream("stdout").write(content)
        return
    partial = out.with_name(f".{out.name}.partial")
    try:
        partial.write_bytes(content)
        partial.replace(out)
    except OSError:
        partial.unlink(missing_ok=True)
        stop("the file cannot be written there", EXIT_BAD_INPUT)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("wga")(wga)
