# SPDX-License-Identifier: EUPL-1.2
"""The figures' pages in a real browser: from a link to a release, its report and its text; on a phone too."""

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.journey.program import Program, a_signal, json_of

pytestmark = pytest.mark.browser
PHONE = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
PATIENCE_SECONDS = 60


@pytest.fixture
def city(tmp_path: Path) -> Iterator[Program]:
    """A running installation with a history long enough for a release of last quarter."""
    data = tmp_path / "data"
    data.mkdir()
    history = tmp_path / "history.jsonl"
    history.write_text("\n".join(_history()))
    program = Program(("demo", "--data", str(data), "--history", str(history)), err=tmp_path / "err.log").start()
    yield program
    program.stop()


def _history() -> list[str]:
    """Sixty reports of three organisations in the last whole quarter."""
    today = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=20)
    month = (today.month - 1) // 3 * 3 + 1
    end = today.replace(month=month, day=1) - dt.timedelta(days=1)
    lines = []
    for number in range(60):
        day = end - dt.timedelta(days=59 - number)
        ground = ("ras", "leeftijd", "geslacht")[number % 3]
        body = a_signal(
            number, gronden=[ground], voorval={"datum": day.isoformat(), "plaats": "in-gemeente", "wijk": "onbekend"}
        )
        lines.append(
            json.dumps({"op": f"{day}T10:00:00Z", "partner": f"partner-{number % 4}", "adv": False, "signaal": body})
        )
    return lines


def _sign_in(browser: webdriver.Chrome, city: Program, role: str, name: str) -> None:
    data = city.arguments[city.arguments.index("--data") + 1]
    browser.delete_all_cookies()
    browser.get(str(json_of("staff", "link", "--role", role, "--name", name, "--data", data)["url"]))


def _press(browser: webdriver.Chrome, text: str) -> None:
    button = browser.find_element(By.XPATH, f"//button[contains(., '{text}')]")
    browser.execute_script("arguments[0].scrollIntoView()", button)
    button.click()


def _until(browser: webdriver.Chrome, text: str) -> None:
    WebDriverWait(browser, PATIENCE_SECONDS, ignored_exceptions=[WebDriverException]).until(
        lambda seen: text in seen.find_element(By.TAG_NAME, "body").text
    )


def test_given_a_filled_city_when_the_bureau_releases_then_the_council_reads_its_report_on_a_phone(
    chromium: webdriver.Chrome, city: Program
) -> None:
    browser = chromium
    _sign_in(browser, city, "adv", "Noor")
    browser.get(f"{city.url}/publicaties")
    periods = Select(browser.find_element(By.ID, "periode"))
    quarter = next(one for one in periods.options if "kwartaal" in one.text).get_attribute("value")
    periods.select_by_value(str(quarter))
    _press(browser, "Maak het concept")
    _until(browser, "Een collega moet het goedkeuren")
    release = browser.current_url

    _sign_in(browser, city, "adv", "Sam")
    browser.get(release)
    _press(browser, "Keur deze publicatie goed")
    _until(browser, "De publicatie is goedgekeurd")

    browser.get(f"{city.url}/rapportages/raad/{quarter}")
    browser.find_element(By.ID, "tekst-duiding").send_keys("Wat het bureau ervan vindt.")
    _press(browser, "Duiding")
    _until(browser, "De tekst staat in het rapport")

    _sign_in(browser, city, "raad", "Lid")
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", PHONE)
    reports = (f"/rapportages/raad/{quarter}", f"/rapportages/wijken/{quarter}")
    others = ("/rapportages", "/rapportages/bereik", "/rapportages/vergelijken", "/publicaties", "/cijfers")
    for path in (*reports, *others, release.removeprefix(city.url)):
        browser.get(f"{city.url}{path}")
        assert browser.find_elements(By.TAG_NAME, "h1"), path
        assert _width(browser) <= PHONE["width"], path  # nothing sticks out; wide tables scroll by themselves
    browser.get(f"{city.url}/rapportages/raad/{quarter}")
    assert "Wat het bureau ervan vindt." in browser.find_element(By.TAG_NAME, "body").text
    entries: Any = browser.get_log("browser")  # type: ignore[no-untyped-call]  # the library's method has no types
    assert not [entry for entry in entries if entry["level"] == "SEVERE"]


def _width(browser: webdriver.Chrome) -> int:
    found: Any = browser.execute_script("return document.documentElement.scrollWidth")
    return int(found)
