# SPDX-License-Identifier: EUPL-1.2
"""What people say, abbreviate or garble: numbers, days, ages, addresses, spots and names in less usual forms."""

import pytest

from services.anonymizer.lexicon import Lexicon
from services.anonymizer.redaction import redact

GOES = (
    ("bel me op nul zes drie keer de vier acht twee een negen nul", "drie keer"),
    ("mijn nummer is o6 vier8 zeven3 21 56", "vier8"),
    ("you can reach me at zero six, 81 fiftytwo 33 47", "fiftytwo"),
    ("mi numero ta cero seis 41 22 90 13", "41 22"),
    ("de code is k r p zeven drie acht m", "k r p"),
    ("verzekerd onder 61_902_4417 sinds kort", "61_902"),
    ("mail naar t.vonk1988 [a] outlook graag", "t.vonk1988"),
    ("jego auto to PK 4C 881, stał obok", "PK 4C 881"),
    ("Incident: 23-VII, bij de ingang", "23-VII"),
    ("Den 9den October jongstleden gebeurde het", "9den"),
    ("het contract loopt af ultimo 2027", "ultimo 2027"),
    ("dat was drie elf vierentwintig en toen ging ik weg", "drie elf"),
    ("op l7 rnaart 2O25 werd ik weggestuurd", "l7"),
    ("kwam za 11de vd 3e langs", "11de"),
    ("het was de tweede zaterdag van juni, heel druk", "tweede zaterdag"),
    ("geb o4.l2.79 te Assen", "o4.l2.79"),
    ("Mijn dochter is drie-en-dertig en slechthorend.", "drie-en-dertig"),
    ("ik moest met drieënzestig en een half weg", "drieënzestig"),
    ("Wij hebben drie kinderen (Hodan 12, Yonis 9, Sumaya 4).", "Yonis"),
    ("Hij woont in de Van Heemstral. 14 te Assen", "Heemstral"),
    ("Ik woon op 't Zuid 7 achter, al jaren", "Zuid"),
    ("negentien twaalf, P van Piet, R van Rob, zestien zwart", "zestien zwart"),
    ("ik stond op rij D, kraam 19, links van de visboer", "kraam 19"),
    ("het gebeurde schuin tegenover de muziekkoepel", "muziekkoepel"),
    ("Ik ben de laatste rietvlechter van Blokzijl.", "rietvlechter"),
    ("Ik ben sluiswachter in Tholen en moslim.", "sluiswachter"),
    ('De dader is Ruben "Snelle" Woudsma uit mijn klas.', "Snelle"),
    ("Kraai hier. Mijn zus mocht niet mee.", "Kraai"),
    ("Sergeant Paars riep dat ik moest zwijgen.", "Paars"),
    ("On Monday June van der Wiel wrote to me.", "Wiel"),
    ("Iedereen zegt Big Mo maar zo heet ik niet.", "Big Mo"),
    ("Mijn chef is Gianna d'Ambrosio en die lacht.", "Ambrosio"),
    ("wij zijn Mats, Wolk en Jesse en wij zijn doof", "Wolk"),
    ("mijn collega mei wordt steeds nagedaan", "mei"),
    ("mijn zoon liban wordt gepest", "liban"),
    ("Bij de Roerdomp krijgen wij geen tafel.", "Roerdomp"),
    ("hij werkt bij Green4All in de kas", "Green4All"),
)
STAYS = (
    ("Bij supermarkt De Hoek werd ik geweigerd.", "supermarkt"),
    ("Op de bouwmarkt Gamma Wijchen werd ik nagekeken.", "Gamma"),
    ("Dat ik Friezin ben, speelt mee.", "Friezin"),
    ("My boss says the Irish are drunks.", "Irish"),
    ("Zij wonen in Almere Haven en zijn Syrisch.", "Almere Haven"),
    ("mijn contract loopt in mei 2024 af", "in mei 2024"),
    ("I may come back later.", "I may come"),
    ("Ik kom uit A'foort en ben doof.", "A'foort"),
    ("twee drie vier mensen lachten", "twee drie vier mensen"),
    ("de 3e keer op de 2e verdieping", "3e keer"),
)


@pytest.mark.parametrize(("text", "gone"), GOES)
def test_given_a_spoken_or_garbled_form_when_redacted_then_it_is_gone(text: str, gone: str, lexicon: Lexicon) -> None:
    assert gone in text
    assert gone not in redact(text, lexicon=lexicon).text


@pytest.mark.parametrize(("text", "kept"), STAYS)
def test_given_words_that_carry_the_ground_or_look_alike_when_redacted_then_they_stay(
    text: str, kept: str, lexicon: Lexicon
) -> None:
    assert kept in redact(text, lexicon=lexicon).text
