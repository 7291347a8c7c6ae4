# SPDX-License-Identifier: EUPL-1.2
"""Every PDF the product makes complies with PDF/UA-1 and PDF/A-2a: an independent program looks, not the typesetter."""

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from services.stats import form_catalog, form_pdf, release_pdf, report, report_layout, report_pdf, reports, wga
from services.stats.report_pages import Written
from services.stats.reporting import reporting_of
from services.stats.reports import Span
from shared import municipalities
from tests.real import NotHereError, verapdf
from tests.real.fixtures import give_up
from tests.unit.stats.builders import facts
from tests.unit.stats.releases_made import CATALOGUE, empty, full

pytestmark = pytest.mark.java
CITIES = [one.code for one in municipalities.load().all]
LONG = 'Een lange naam, cijfers (12.345) en & <haken> "aanhaling" \\ # $ @ é ü'


def must_comply(*files: Path) -> None:
    """Nothing. Fails with what veraPDF says."""
    try:
        faults = verapdf.check(files)
    except NotHereError as missing:
        give_up(missing)
    assert not faults, faults


def test_given_a_pdf_without_tags_when_it_is_checked_then_the_check_fails(tmp_path: Path) -> None:
    import typst

    plain = tmp_path / "plain.pdf"
    made = typst.compile(b"#set page(width: 5cm)\nZonder titel.", format="pdf", ignore_system_fonts=True)
    assert isinstance(made, bytes)
    plain.write_bytes(made)

    try:
        faults = verapdf.check([plain])
    except NotHereError as missing:
        give_up(missing)

    assert "FAILS" in faults


@pytest.mark.parametrize("city", CITIES)
def test_given_a_form_when_it_is_set_then_it_complies(city: str, tmp_path: Path) -> None:
    schema = form_catalog.load()[0]
    cases = [
        facts(number, municipality=city, residency=where) for number, where in enumerate(["ingezetene", "onbekend"])
    ]
    files = []
    for name, counted in (("empty", []), ("full", cases)):
        tally = wga.from_facts(schema, counted, with_mass=True)
        form = wga.as_wire(wga.filled(schema, tally, municipality=city, year=2026, with_mass=True))
        form |= {"status": "voorlopig", "revisie": 0, "verschillen": []}
        for place in ("Ons Dorp", LONG):
            files.append(tmp_path / f"form-{name}-{len(place)}.pdf")
            files[-1].write_bytes(form_pdf.as_pdf(form, schema, place))

    must_comply(*files)


@pytest.mark.parametrize("city", CITIES)
def test_given_a_release_when_it_is_set_then_it_complies(city: str, tmp_path: Path) -> None:
    label = reporting_of(municipalities.load(), None).place(city).label
    files = []
    for name, made in (("empty", empty("2026-H1", city=city)), ("full", full("2026-H1", city=city))):
        for length, named in (("short", label), ("long", lambda dim, code: f"{label(dim, code)} {LONG}")):
            files.append(tmp_path / f"release-{name}-{length}.pdf")
            files[-1].write_bytes(release_pdf.as_pdf(made, CATALOGUE, named, "Ons Dorp"))

    must_comply(*files)


@pytest.mark.parametrize("city", CITIES)
@pytest.mark.parametrize("kind", report_layout.KINDS)
def test_given_a_report_when_it_is_set_then_it_complies(city: str, kind: str, tmp_path: Path) -> None:
    reporting = reporting_of(municipalities.load(), None)
    layout = report_layout.council if kind == report_layout.COUNCIL else report_layout.districts
    written = {slot: Written(slot, LONG, LONG[:90], dt.date(2026, 8, 1)) for slot in report_layout.SLOTS}
    files = []
    for name, releases in (
        ("full", [full("2026-H1", city=city), full("2025-H1", city=city, seed=2), full("2025-H2", city=city, seed=3)]),
        ("empty", [empty("2026-H1", city=city)]),
    ):
        now = reports.picture(Span.named("2026-H1"), releases)
        assert now is not None
        material = report.material_of(now, releases, {}, reporting)
        place = replace(material.place, name=LONG, label=lambda _, code: f"{code} {LONG}")
        for ending, one in (("plain", material), ("long", replace(material, place=place, written=written))):
            files.append(tmp_path / f"{kind}-{name}-{ending}.pdf")
            files[-1].write_bytes(report_pdf.as_pdf(layout(one)))

    must_comply(*files)
