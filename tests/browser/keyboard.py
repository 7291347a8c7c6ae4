# SPDX-License-Identifier: EUPL-1.2
"""A browser without a mouse and without script, on a phone's width, and somebody who tabs through it.

Owns starting Chromium and pressing keys. Finds things by what they are called on the page, as a person does.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

PHONE = (360, 780)
TABS_LIMIT = 400


def chrome(profile: Path, *, width: int = PHONE[0], height: int = PHONE[1]) -> Chrome:
    """Headless Chromium of this size with scripts switched off."""
    options = ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for flag in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run",
        "--disable-component-update", "--disable-dev-shm-usage", f"--user-data-dir={profile}",
    ):  # fmt: skip
        options.add_argument(flag)
    options.add_experimental_option("prefs", {"profile.managed_default_content_settings.javascript": 2})
    driver = Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    metrics = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    return driver


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody at the keyboard."""

    driver: Chrome
    pictures: Path

    def opens(self, url: str) -> None:
        """Type an address."""
        self.driver.get(url)

    def sees(self, text: str) -> bool:
        """Whether this text is on the page."""
        return text in self.driver.find_element(By.TAG_NAME, "body").text

    @property
    def heading(self) -> str:
        """The title of the page's content."""
        return self.driver.find_element(By.TAG_NAME, "h1").text

    def tabs_to(self, wanted: Callable[[WebElement], bool], what: str) -> WebElement:
        """Press Tab until it has the focus; fails when it never gets it."""
        for _ in range(TABS_LIMIT):
            self.press(Keys.TAB)
            focused = self.driver.switch_to.active_element
            if wanted(focused):
                return focused
        raise AssertionError(f"the keyboard never reaches {what}")

    def field(self, name: str, value: str = "") -> WebElement:
        """Tab to the field of this name (and value, for one of a group)."""
        return self.tabs_to(
            lambda one: one.get_attribute("name") == name and (not value or one.get_attribute("value") == value), name
        )

    def types(self, name: str, text: str) -> None:
        """Tab to a field and type."""
        self.field(name)
        self.press(*text)

    def ticks(self, name: str, value: str) -> None:
        """Tab to a box and press the space bar."""
        self.field(name, value)
        self.press(Keys.SPACE)

    def chooses(self, name: str, label: str) -> None:
        """Tab to a list and type the beginning of what is wanted."""
        self.field(name)
        self.press(*label)

    def presses(self, text: str) -> None:
        """Tab to a button or link that reads so, and press Enter."""
        self.tabs_to(lambda one: one.text.strip().startswith(text), text)
        self.press(Keys.ENTER)

    def press(self, *keys: str) -> None:
        """Press keys, one after another."""
        ActionChains(self.driver).send_keys(*keys).perform()

    def erase(self) -> None:
        """Empty the field that has the focus."""
        ActionChains(self.driver).key_down(Keys.CONTROL).send_keys("a").key_up(Keys.CONTROL).send_keys(
            Keys.DELETE
        ).perform()

    def too_wide(self) -> int:
        """How many pixels stick out to the right of the screen."""
        return int(
            self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]["width"] - PHONE[0]
        )  # fmt: skip

    def picture(self, name: str) -> None:
        """Keep the whole page as a picture, for whoever wants to look."""
        size = self.driver.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        shot = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
        (self.pictures / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))
