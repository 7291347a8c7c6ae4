# SPDX-License-Identifier: EUPL-1.2
"""A volunteer with a link, a phone and no mouse: from the form to a receipt, and back again; then a spreadsheet."""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from selenium.webdriver.common.by import By

from tests.browser.keyboard import Person, chrome
from tests.journey.program import Program, bearer, counted, eventually, json_of, partner_key, staff_token, up

pytestmark = pytest.mark.browser
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{5}(-[0-9A-HJKMNP-TV-Z]{5}){3}")


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Program, Path]]:
    data = tmp_path_factory.mktemp("browser") / "data"
    program = up(data, INTAKE_CODE_ANSWER_SECONDS="0").start()
    partner_key(data, "bibliotheek")
    yield program, data
    program.stop()


@pytest.fixture
def person(tmp_path: Path) -> Iterator[Person]:
    driver = chrome(tmp_path / "profile")
    pictures = Path(os.environ.get("SEINHUIS_PICTURES", str(tmp_path)))
    yield Person(driver, pictures)
    driver.quit()


def signs_in(person: Person, data: Path) -> None:
    """Open the link a partner gave."""
    person.opens(str(json_of("partner", "link", "bibliotheek", "--data", str(data))["url"]))


def test_given_no_link_when_opened_then_explained_and_pointed_onwards(
    running: tuple[Program, Path], person: Person
) -> None:
    person.opens(f"{running[0].url}/melden")

    links = {one.get_attribute("href") for one in person.driver.find_elements(By.TAG_NAME, "a")}
    assert person.sees("Open dan eerst de link die u hebt gekregen")
    assert person.sees("112")
    assert "https://discriminatie.nl/" in links
    assert person.too_wide() <= 0


def test_given_a_link_when_a_signal_is_given_by_keyboard_then_a_code_that_asks_corrects_and_withdraws(
    running: tuple[Program, Path], person: Person
) -> None:
    program, data = running
    token = staff_token(data)
    before = counted(program.url, token)
    signs_in(person, data)

    person.presses("Controleren")  # nothing filled in
    person.picture("fouten")
    assert person.driver.title.startswith("Fout: ")
    person.presses("Kies waar in het dagelijks leven")  # a link of the summary brings one to the field
    assert person.driver.current_url.endswith("#terrein")
    person.ticks("gronden", "ras")
    person.chooses("terrein", "Onderwijs")
    person.types("voorval-datum", "31-2-2026")
    person.presses("Controleren")
    assert person.sees("Datum: Hier hoort een datum")
    person.field("voorval-datum")
    person.erase()
    person.press(*"3-11-2025")
    person.presses("Controleren")
    person.picture("controle")
    assert person.heading == "Controleer uw signaal"
    assert person.too_wide() <= 0
    person.presses("Versturen")
    person.picture("ontvangen")
    assert person.heading == "Uw signaal is ontvangen"
    code = person.driver.find_element(By.CLASS_NAME, "code").text
    assert CODE.fullmatch(code)
    eventually(lambda: counted(program.url, token) == before + 1)

    def told_that_it_counts() -> bool:
        person.opens(f"{program.url}/melden/status")
        person.types("ontvangstcode", code.lower().replace("-", " "))
        person.presses("Bekijken")
        return person.sees("Het telt mee in de cijfers")

    eventually(told_that_it_counts)
    assert code not in person.driver.current_url

    person.opens(f"{program.url}/melden/verbeteren")
    person.types("ontvangstcode", code)
    person.ticks("gronden", "leeftijd")
    person.chooses("terrein", "Arbeidsmarkt")
    person.presses("Verbeteren")
    assert person.heading == "Uw signaal is verbeterd"
    eventually(lambda: "leeftijd" in str(figures(program.url, token)))

    person.opens(f"{program.url}/melden/intrekken")
    person.types("ontvangstcode", code)
    person.presses("Intrekken")
    assert person.heading == "Uw signaal is ingetrokken"
    eventually(lambda: counted(program.url, token) == before)


def test_given_a_wrong_code_when_asked_then_told_so_and_what_was_typed_can_be_mended(
    running: tuple[Program, Path], person: Person
) -> None:
    person.opens(f"{running[0].url}/melden/status")
    person.types("ontvangstcode", "ABCDE-00000")
    person.presses("Bekijken")

    assert person.sees("Deze ontvangstcode klopt niet")
    assert person.field("ontvangstcode").get_attribute("value") == "ABCDE-00000"


def test_given_a_spreadsheet_when_tried_sent_and_taken_back_by_page_then_each_step_says_what_happened(
    running: tuple[Program, Path], person: Person, tmp_path: Path
) -> None:
    program, data = running
    token = staff_token(data)
    before = counted(program.url, token)
    file = tmp_path / "signalen.csv"
    file.write_text("Gronden;Terrein\nras;onderwijs\nras;op de maan\nleeftijd;Arbeidsmarkt\n")
    signs_in(person, data)
    person.presses("een bestand sturen")
    person.driver.find_element(By.NAME, "bestand").send_keys(str(file))
    person.presses("Proberen")
    person.picture("proef")

    assert person.sees("2 van de 3 rijen zijn goed")
    assert person.sees("Deze waarde kennen wij niet")
    assert counted(program.url, token) == before
    person.presses("Stuur de goede rijen door")
    eventually(lambda: counted(program.url, token) == before + 2)
    person.driver.refresh()
    assert person.sees("Klaar. 2 rijen zijn doorgestuurd.")
    person.presses("Trek het hele bestand in")
    eventually(lambda: counted(program.url, token) == before)
    person.driver.refresh()
    assert person.sees("U hebt dit bestand ingetrokken")
    assert person.too_wide() <= 0


def figures(url: str, token: str) -> object:
    """The figures by ground."""
    return httpx2.get(f"{url}/stats/v1/cijfers?rijen=grond&soort=signaal", headers=bearer(token)).json()
