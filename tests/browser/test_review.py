# SPDX-License-Identifier: EUPL-1.2
"""A review in the browser, by keyboard and by mouse, from an open case to corrected figures."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from selenium.common.exceptions import WebDriverException  # a node of the page that is left
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from tests.journey.program import (
    Program,
    a_signal,
    bearer,
    counted,
    eventually,
    json_of,
    partner_key,
    seinhuis,
    staff_token,
    up,
)

TEXT = "Trampelstijn van het loket zei iets over mijn hoofddoek. Grombalk lachte mee."
SECOND = "Trampelstijn en Grombalk zeiden het weer."


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    started = up(tmp_path / "data", ANONYMIZER_REVIEW_SHARE="1").start()
    yield started
    started.stop()


def tell(program: Program, key: str, text: str) -> None:
    answer = httpx2.post(
        f"{program.url}/intake/v1/signalen", json=a_signal(toelichting=text), headers=bearer(key)
    )  # fmt: skip
    assert answer.status_code == 201


def waiting(program: Program, token: str) -> int:
    answer = httpx2.get(f"{program.url}/anonymizer/v1/beoordelingen", headers=bearer(token))
    return int(answer.json()["totaal"])


def until(chromium: Chrome, css: str) -> WebElement:
    """The first element of this kind, once the page has it."""
    return WebDriverWait(chromium, 60, ignored_exceptions=[WebDriverException]).until(
        lambda page: page.find_elements(By.CSS_SELECTOR, css)
    )[0]


def tab_to(chromium: Chrome, css: str) -> WebElement:
    """The element of this kind, reached with the Tab key alone."""
    wanted = until(chromium, css)
    for _ in range(200):
        if chromium.switch_to.active_element == wanted:
            return wanted
        chromium.switch_to.active_element.send_keys(Keys.TAB)
    raise AssertionError(f"the keyboard never reaches {css}")


def press(chromium: Chrome, css: str, key: str) -> None:
    tab_to(chromium, css).send_keys(key)


def widths(chromium: Chrome) -> tuple[int, int]:
    inside, outside = chromium.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    return int(inside), int(outside)


@pytest.mark.browser
def test_given_cases_in_review_when_a_person_works_the_queue_by_keyboard_then_text_and_figures_follow(
    program: Program, chromium: Chrome, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    key, token = partner_key(data), staff_token(data)
    tell(program, key, TEXT)
    eventually(lambda: waiting(program, token) == 1)
    tell(program, key, SECOND)
    eventually(lambda: waiting(program, token) == 2)
    chromium.get(json_of("staff", "link", "--role", "adv", "--name", "Ana", "--data", str(data))["url"])

    # take the first case and tick a word that still stands there
    chromium.get(f"{program.url}/beoordelen")
    press(chromium, "form[action$='/volgende'] button", Keys.ENTER)
    word = until(chromium, "label.word input")
    assert word.find_element(By.XPATH, "./../span").value_of_css_property("cursor") == "pointer"
    first = chromium.current_url
    said = [one.text for one in chromium.find_elements(By.CSS_SELECTOR, "label.word span")]
    place = said.index("hoofddoek") if "hoofddoek" in said else said.index("zeiden")
    box = chromium.find_elements(By.CSS_SELECTOR, "label.word input")[place]
    press(chromium, f"label.word input[value='{box.get_attribute('value')}']", Keys.SPACE)
    assert "line-through" in box.find_element(By.XPATH, "./../span").value_of_css_property("text-decoration-line")

    # decide that it does not count: the next case follows, and the figures
    press(chromium, "input[name='besluit']", Keys.ARROW_UP)  # the last of the four: does not count
    tab_to(chromium, "select[name='reden']").send_keys("Dit is al eerder")
    before = counted(program.url, token)
    press(chromium, "form.case-form button[type='submit']", Keys.ENTER)
    until(chromium, ".alert-ok")
    assert chromium.current_url.split("?")[0] not in {first, f"{program.url}/beoordelen"}
    eventually(lambda: counted(program.url, token) == before - 1)

    # go back by the link and undo it
    press(chromium, f"main a[href='{first.removeprefix(program.url)}']", Keys.ENTER)
    until(chromium, "form[action$='/herroeping']")
    assert said[place] not in until(chromium, ".case-text").text
    press(chromium, "form[action$='/herroeping'] button", Keys.ENTER)
    until(chromium, "input[name='besluit']")
    eventually(lambda: counted(program.url, token) == before)

    # and make it a report, with another coding
    until(chromium, "input[value='als-melding']").click()
    press(chromium, "form.case-form button[type='submit']", Keys.ENTER)
    until(chromium, ".alert-ok")
    eventually(lambda: counted(program.url, token, soort="melding") == 1)
    assert counted(program.url, token) == before - 1
    assert seinhuis("audit", "verify", "--data", str(data)).returncode == 0
    assert seinhuis("check", "--data", str(data)).returncode == 0


@pytest.mark.browser
def test_given_a_phone_when_the_pages_of_review_are_opened_then_nothing_runs_off_the_screen(
    program: Program, chromium: Chrome, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    key, token = partner_key(data), staff_token(data)
    tell(program, key, f"{TEXT} {'Onafgebrokenlangwoord' * 6}")
    eventually(lambda: waiting(program, token) == 1)
    phone = {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": True}
    chromium.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    chromium.get(json_of("staff", "link", "--role", "adv", "--name", "Ana", "--data", str(data))["url"])

    chromium.get(f"{program.url}/beoordelen")
    queue = widths(chromium)
    until(chromium, "form[action$='/volgende'] button").click()
    until(chromium, "label.word input")
    for summary in chromium.find_elements(By.CSS_SELECTOR, "main summary"):
        summary.send_keys(Keys.ENTER)
    case = widths(chromium)

    assert queue[0] <= queue[1] == 360
    assert case[0] <= case[1] == 360
