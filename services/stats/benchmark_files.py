# SPDX-License-Identifier: EUPL-1.2
"""The published figures of others, read from data files: those shipped, and an installation's own.

Owns finding and checking them. An own file is the shipped kind as JSON, or a csv with one figure per line. A figure
without a source is refused.
"""

import csv
import io
from pathlib import Path
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from services.stats.benchmarks import Benchmark
from shared.errors import Misconfigured

SHIPPED: Final = Path(__file__).parent / "data" / "benchmark.json"
MAX_BYTES: Final = 5 * 1024 * 1024
COLUMNS: Final = ("jaar", "plaats", "niveau", "meldingen", "inwoners", "bron", "bronInwoners", "toelichting")
_FILE: Final = TypeAdapter(Benchmark)


def load(own: Path | None = None) -> Benchmark:
    """The shipped figures and those of an own file, which win where both speak of the same.

    Raises: Misconfigured `benchmark_unusable`, with the place in the file.
    """
    shipped = read(SHIPPED)
    if own is None:
        return shipped
    added = read(own)
    figures = {(one.year, one.place, one.ground): one for one in (*shipped.figures, *added.figures)}
    people = {(one.year, one.place): one for one in (*shipped.inhabitants, *added.inhabitants)}
    return Benchmark(added.version, added.about, tuple(figures.values()), tuple(people.values()))


def read(path: Path) -> Benchmark:
    """The figures in one file. Raises: Misconfigured `benchmark_unusable`."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise Misconfigured("benchmark_unusable", file=path.name, problem="larger than 5 MiB")
        if path.suffix.lower() == ".csv":
            return _FILE.validate_python(_from_csv(content.decode("utf-8-sig"), path.stem))
        return _FILE.validate_json(content)
    except (OSError, UnicodeDecodeError, csv.Error):
        raise Misconfigured("benchmark_unusable", file=path.name, problem="cannot be read") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        place = "/".join(str(step) for step in first["loc"])
        raise Misconfigured("benchmark_unusable", file=path.name, problem=f"{place}: {first['msg']}") from None


def _from_csv(text: str, name: str) -> dict[str, Any]:
    separator = ";" if ";" in text.partition("\n")[0] else ","
    lines = list(csv.DictReader(io.StringIO(text), delimiter=separator))
    figures, people = [], []
    for line in lines:
        given = {column: (line.get(column) or "").strip() for column in COLUMNS}
        figures.append(
            {
                "year": given["jaar"], "place": given["plaats"], "level": given["niveau"],
                "reports": given["meldingen"], "source": given["bron"], "note": given["toelichting"],
            }
        )  # fmt: skip
        people.append(
            {
                "year": given["jaar"], "place": given["plaats"], "number": given["inwoners"],
                "source": given["bronInwoners"],
            }
        )  # fmt: skip
    return {"version": name, "about": "Imported from csv.", "figures": figures, "inhabitants": people}
