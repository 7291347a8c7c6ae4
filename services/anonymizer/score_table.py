# SPDX-License-Identifier: EUPL-1.2
"""Lays the figures of `scoring` out, for people and for programs. Pure."""

from collections.abc import Mapping
from typing import Any

from services.anonymizer.scoring import GROUPS, Tally, interval


def documents(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Every group's figures with their 95% intervals."""
    return {key: _document(tally) for key, tally in tallies.items()}


def _document(tally: Tally) -> dict[str, Any]:
    figures = {name: _share(*tally.group(kinds)) for name, kinds in GROUPS.items()}
    return {
        **figures,
        "types": {kind: _share(tally.leaked[kind], tally.types[kind]) for kind in sorted(tally.types)},
        "keepLost": _share(tally.keep_lost, tally.keep),
        "charactersLost": _share(tally.chars_lost, tally.chars),
        "textsWithoutLeak": _share(tally.clean, tally.texts),
    }


def _share(hits: int, total: int) -> dict[str, Any]:
    lower, upper = interval(hits, total)
    return {
        "count": hits,
        "of": total,
        "share": round(hits / total, 5) if total else None,
        "interval": [round(lower, 5), round(upper, 5)],
    }


def lines(tallies: Mapping[str, Tally]) -> list[str]:
    """A table for people: leaks per type, then leaks and losses per group of texts."""
    overall = tallies.get("all", Tally())
    shown = [f"{'type':<24}{'spans':>7}{'leaks':>7}  share   (95% interval)"]
    for name, kinds in GROUPS.items():
        shown += [
            _line(kind, overall.leaked[kind], overall.types[kind]) for kind in sorted(kinds) if overall.types[kind]
        ]
        shown.append(_line(f"= {name}", *overall.group(kinds)))
    shown.append(_line("kept words lost", overall.keep_lost, overall.keep))
    shown.append(_line("characters lost", overall.chars_lost, overall.chars))
    shown += [
        "",
        f"{'group':<24}{'direct':>16}{'names':>16}{'quasi':>16}{'keep lost':>16}{'characters':>16}{'no leak':>10}",
    ]
    for key in sorted(tallies, key=lambda key: (key != "all", key)):
        tally = tallies[key]
        cells = [tally.group(kinds) for kinds in GROUPS.values()]
        cells += [(tally.keep_lost, tally.keep), (tally.chars_lost, tally.chars)]
        shown.append(
            f"{key:<24}" + "".join(f"{_cell(*cell):>16}" for cell in cells) + f"{tally.clean:>6}/{tally.texts}"
        )
    return shown


def _line(name: str, hits: int, total: int) -> str:
    lower, upper = interval(hits, total)
    share = f"{100 * hits / total:5.1f}%" if total else "     -"
    return f"{name:<24}{total:>7}{hits:>7} {share}   ({100 * lower:.1f}-{100 * upper:.1f}%)"


def _cell(hits: int, total: int) -> str:
    if not total:
        return "-"
    lower, upper = interval(hits, total)
    return f"{100 * hits / total:.1f}% ({100 * lower:.0f}-{100 * upper:.0f})"
