# SPDX-License-Identifier: EUPL-1.2
"""The notifier's main flows in a browser: read an alert, interpret it, undo that; subscribe, confirm, leave."""

import asyncio
import email
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import WebDriverException  # a node of the page that is left
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.ui import Select, WebDriverWait

from shared.access import Role
from tests.browser.conftest import served
from tests.unit.notifier.room import START, Room, notifier, quiet_past, tension

pytestmark = pytest.mark.browser
DESK = (1280, 900)


@dataclass(slots=True)
class Stage:
    """A notifier with one alert, in an event loop of its own, and its address."""

    room: Room
    loop: asyncio.AbstractEventLoop
    url: str

    def do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(timeout=120)

    def sign_in(self, browser: webdriver.Chrome, role: Role) -> None:
        browser.delete_all_cookies()
        browser.get(f"{self.url}/aanmelden?code={self.room.token(role)}")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    opened = notifier(tmp_path / "data")
    (tmp_path / "data").mkdir()
    room = asyncio.run_coroutine_threadsafe(opened.__aenter__(), loop).result(60)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Hand each request to the room's own loop, where its database lives."""
        here = asyncio.get_running_loop()

        async def take() -> Any:
            return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(receive(), here))

        async def give(message: Any) -> None:
            await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(send(message), here))

        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(room.service.app(scope, take, give), loop))

    try:
        with served(app) as url:
            made = Stage(room, loop, url)
            made.do(room.keep([*quiet_past(START.date()), *tension(START.date())]))
            made.do(room.run_jobs())
            yield made
    finally:
        asyncio.run_coroutine_threadsafe(opened.__aexit__(None, None, None), loop).result(60)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(30)
        loop.close()


def _text(browser: webdriver.Chrome) -> str:
    return browser.find_element(By.TAG_NAME, "main").text


def _press(browser: webdriver.Chrome, label: str) -> None:
    button = browser.find_element(By.XPATH, f"//main//button[starts-with(normalize-space(), '{label}')]")
    button.send_keys(Keys.ENTER)
    WebDriverWait(browser, 30, ignored_exceptions=[WebDriverException]).until(staleness_of(button))


def _phone(browser: webdriver.Chrome) -> None:
    """A screen as narrow as a phone's; a window of the desktop cannot be made that narrow."""
    size = {"width": 360, "height": 780, "deviceScaleFactor": 1, "mobile": True}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def _overflows(browser: webdriver.Chrome) -> bool:
    script = "return document.documentElement.scrollWidth > document.documentElement.clientWidth"
    return bool(browser.execute_script(script))


def test_given_an_alert_when_read_interpreted_and_undone_by_keyboard_then_each_step_shows(
    stage: Stage, chromium: webdriver.Chrome
) -> None:
    chromium.set_window_size(*DESK)
    stage.sign_in(chromium, Role.GEMEENTE)
    chromium.get(f"{stage.url}/spanningen")
    chromium.find_element(By.CSS_SELECTOR, ".cards a").send_keys(Keys.ENTER)
    WebDriverWait(chromium, 30, ignored_exceptions=[WebDriverException]).until(
        lambda browser: "Wat zegt dit niet?" in _text(browser)
    )
    assert "Exacte aantallen" not in _text(chromium)

    chromium.find_element(By.ID, "tekst").send_keys("De dader is bekend.")
    _press(chromium, "Bewaar uw duiding")
    assert chromium.title.startswith("Fout")
    assert chromium.find_element(By.ID, "tekst").get_attribute("aria-invalid") == "true"

    field = chromium.find_element(By.ID, "tekst")
    field.clear()
    field.send_keys("Wij vragen het na bij de scholen.")
    chromium.find_element(By.ID, "eigenaar").send_keys("Team Wijk")
    Select(chromium.find_element(By.ID, "stap")).select_by_value("delen-en-duiden")
    _press(chromium, "Bewaar uw duiding")
    assert "Uw duiding is bewaard" in _text(chromium)
    assert "Team Wijk pakt dit op" in _text(chromium)

    _press(chromium, "Maak mijn laatste duiding ongedaan")
    assert "ongedaan gemaakt" in _text(chromium)
    assert "Nog niemand pakt dit op" in _text(chromium)


def test_given_a_subscription_when_asked_confirmed_and_left_then_each_page_says_what_happened(
    stage: Stage, chromium: webdriver.Chrome
) -> None:
    _phone(chromium)
    stage.sign_in(chromium, Role.NETWERK)
    chromium.get(f"{stage.url}/abonnementen")
    chromium.find_element(By.ID, "adres").send_keys("team@voorbeeld.nl")
    _press(chromium, "Vraag aan")
    assert "Nog niet bevestigd" in _text(chromium)

    stage.do(stage.room.run_jobs())
    (mail,) = (stage.room.folder / "berichten").rglob("*.eml")
    said = email.message_from_bytes(mail.read_bytes()).get_payload(0).get_payload(decode=True).decode()  # type: ignore[union-attr]  # the first part is text
    confirm = re.search(r"/abonnementen/bevestigen/\S+", said)
    assert confirm is not None
    chromium.delete_all_cookies()
    chromium.get(f"{stage.url}{confirm[0]}")
    _press(chromium, "Bevestig")
    assert "Uw abonnement is bevestigd" in _text(chromium)

    stage.sign_in(chromium, Role.NETWERK)
    chromium.get(f"{stage.url}/abonnementen")
    assert "Actief" in _text(chromium)
    _press(chromium, "Zeg op")
    assert "Het abonnement is opgezegd" in _text(chromium)
    assert "U hebt nog geen abonnement" in _text(chromium)


PAGES = {
    Role.ADV: ("", "/kalender", "/regels", "/beeld", "/mededelingen", "/stiltes"),
    Role.GEMEENTE: ("", "/kalender", "/regels", "/beeld"),
    Role.NETWERK: ("", "/kalender", "/beeld"),
    Role.BEHEER: ("/mededelingen", "/stiltes", "/afleveringen", "/regels"),
}


def test_given_each_role_when_its_pages_are_opened_on_a_phone_then_they_fit_and_have_one_heading(
    stage: Stage, chromium: webdriver.Chrome
) -> None:
    _phone(chromium)
    for role, places in PAGES.items():
        stage.sign_in(chromium, role)
        for place in places:
            chromium.get(f"{stage.url}/spanningen{place}")
            headings = chromium.find_elements(By.TAG_NAME, "h1")
            assert len(headings) == 1, (role, place)
            assert "aangemeld" not in headings[0].text.lower(), (role, place)
            assert chromium.execute_script("return window.innerWidth") == 360
            assert not _overflows(chromium), (role, place)


def test_given_nobody_signed_in_when_a_page_is_opened_then_it_says_so(stage: Stage, chromium: webdriver.Chrome) -> None:
    chromium.get(f"{stage.url}/spanningen")

    assert "Niet aangemeld" in _text(chromium)
