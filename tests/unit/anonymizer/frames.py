# SPDX-License-Identifier: EUPL-1.2
"""Sentence frames and names of thirteen origins, in lists and in no list, from which texts are generated."""

from collections.abc import Iterator
from typing import NamedTuple

FULL_FRAMES = (
    "Mijn naam is {n} en ik wil iets melden.",
    "Gisteren heeft {n} mij uitgescholden.",
    "De trainer, {n}, deed niets.",
    "Ik ben {n}, een moeder van twee kinderen.",
    "Volgens {n} was het een grapje.",
    "Het gesprek met {n} liep niet goed.",
    "Geachte heer {n},\n\nHierbij mijn klacht.",
    "Ik heb gebeld met mevrouw {n} van de gemeente.",
    "Met vriendelijke groet,\n{n}",
    "Naam: {n}\nKlacht: geweigerd in de horeca",
    "De portier ({n}) liet ons niet binnen.",
    "{n} belt over discriminatie op het werk.",
    "Dader is vermoedelijk {n}, een collega.",
    "Ik werd weggestuurd door {n}.",
    "Dat zei {n} waar iedereen bij was.",
    "Van: {n}\nOnderwerp: klacht",
    "Melder is {n}.",
    "Mijn begeleider heet {n}.",
    "Ik diende een klacht in tegen {n} en tegen de school.",
    "Toen kwam {n} naar mij toe.",
    "Getuigen: {n} en een onbekende man.",
    "Het was niet de schuld van {n}.",
)
GIVEN_FRAMES = (
    "Mijn zoon {g} wordt gepest op school.",
    "{g} zei dat ik terug moest naar mijn land.",
    "Hoi, ik ben {g} en ik heb een vraag.",
    "Juf {g} zegt dat het wel meevalt.",
    "Ik weet dat {g} het gezien heeft.",
    "Kunnen jullie {g} terugbellen?",
    "Groetjes, {g}",
    "{g}: heb je het filmpje gezien",
    "Alleen {g} mocht naar binnen.",
    "Mijn dochter {g} en haar vriendin {g2} huilden allebei.",
    "Wij hebben {g} gevraagd om te stoppen.",
    "Daarna ging {g} naar huis.",
    "Het ging om {g}.",
    "Omdat {g} een hoofddoek draagt, mocht zij niet mee.",
)
LOWER_FRAMES = (
    "hoi ik ben {g} en ik word gepest op me werk",
    "mijn naam is {n} en ik bel over mijn buren",
    "gister zei {g} tegen mij dat ik moest oprotten",
    "mn collega {g} maakt steeds grappen over mijn geloof",
    "mevrouw {s} van de school doet er niks aan",
    "meneer {s} wil niet met mij praten",
    "ik werd uitgescholden door {g} en zijn vrienden",
    "volgens {g} was het maar een grapje",
    "{g} heeft mij geslagen op het plein",
    "mijn dochter {g} durft niet meer naar school",
    "het was {g} die begon",
    "groetjes {g}",
    "ik heb het aan {g} verteld maar die lachte alleen",
    "wij waren daar met {g} en toen mochten we niet naar binnen",
    "hallo {g} hier, ik wil iets melden over discriminatie",
    "toen kwam {g} erbij staan en die riep ook iets",
    "de trainer heet {g} en hij laat mijn zoon niet spelen",
    "ja en {g} was er ook bij hoor",
    "de dader is {n} uit mijn straat",
    "kun je {g} even bellen over de klacht",
    "me vriend {g} mocht niet naar binnen bij de disco",
    "weet je wat {g} zei",
    "alleen {g} kreeg een contract en ik niet",
    "{g} en {g2} noemen mij steeds dik",
)
CLEAN_SENTENCES = (
    "Ik werd geweigerd bij de sportschool omdat ik in een rolstoel zit.",
    "De buren schelden ons uit vanwege onze afkomst.",
    "In de bus werd een vrouw met een hoofddoek uitgescholden.",
    "Op het werk krijg ik minder loon dan mijn mannelijke collega's.",
    "Waarom moet ik bij de bank bewijzen waar mijn geld vandaan komt?",
    "De school heeft niets gedaan met onze klacht over pesten.",
    "ik vind het niet eerlijk dat ik niet naar binnen mocht",
    "mijn baas zegt dat ik te oud ben voor deze baan",
    "ze hebben me uitgelachen om mijn accent in de winkel",
    "Vorige maand stond er een hakenkruis op de muur van de synagoge.",
    "De gemeente reageert niet op mijn brieven over de toegankelijkheid.",
    "Als transgender word ik vaak verkeerd aangesproken aan de balie.",
    "Door de reorganisatie moeten alleen oudere werknemers vertrekken.",
    "Turkse en Marokkaanse jongens worden vaker gecontroleerd door de politie.",
    "kan ik hier melding doen van racisme in een appgroep",
    "De huisarts neemt mijn klachten niet serieus omdat ik vrouw ben.",
    "Tijdens de ramadan kreeg ik geen pauze op het juiste moment.",
    "Graag wil ik weten welke stappen ik kan nemen tegen deze discriminatie.",
    "Mijn sollicitatie werd afgewezen vanwege mijn zwangerschap.",
    "The landlord said he does not rent to foreigners.",
    "I was refused at the club because of my skin colour.",
    "My colleagues make jokes about my religion every day.",
    "They would not let me in with my wheelchair.",
    "Ich wurde wegen meiner Herkunft nicht eingestellt.",
    "Der Busfahrer hat mich wegen meines Kopftuchs beleidigt.",
    "On m'a refusé l'entrée à cause de ma couleur de peau.",
    "Mon patron dit que je suis trop vieille pour ce travail.",
    "Otobüste başörtüm yüzünden bana hakaret ettiler.",
    "İşyerinde bana yabancı olduğum için kötü davranıyorlar.",
    "W pracy śmieją się z mojego akcentu.",
    "Właściciel nie chce wynająć mieszkania obcokrajowcom.",
    "رفضوا توظيفي بسبب الحجاب",
    "No me dejaron entrar por mi color de piel.",
    "Nan no a laga mi drenta pa motibu di mi koló.",
    "Мені відмовили у роботі через мій акцент.",
)


class Origin(NamedTuple):
    """Names of one origin: given names and surnames that stand in a list, and ones that stand in none."""

    listed: tuple[tuple[str, str], ...]
    unlisted: tuple[tuple[str, str], ...]


def _pairs(text: str) -> tuple[tuple[str, str], ...]:
    return tuple((given, family) for given, _, family in (entry.strip().partition(" ") for entry in text.split(",")))


ORIGINS = {
    "iranian and afghan": Origin(
        _pairs("Farzaneh Hosseini, Behrouz Karimi, Nasrin Sadeghi, Omid Rahimi, Zabihullah Ahmadzai, Shirin Tehrani"),
        _pairs("Ghoncheh Delavari, Arvin Khoshnood, Torpekai Hotaki, Parviz Golzadeh, Nilab Mangal, Jamshed Daoudzai"),
    ),
    "moluccan and indonesian": Origin(
        _pairs("Poppy Matulessy, Yopie Tuankotta, Wempi Latumahina, Domingas Sahetapy, Nus Pattiasina, Tjak Manuhutu"),
        _pairs("Jopie Hukom, Sarah Tahitu, Frans Ririassa, Agus Wiryawan, Etty Lawalata, Dessy Pattipeilohy"),
    ),
    "roma": Origin(
        _pairs("Zorka Petalo, Costel Lakatos, Mircea Ciuraru, Slavica Rosenbach, Vasile Stojka, Lenuta Steinbach"),
        _pairs("Bajram Kwiek, Rozalija Djordjevic, Tinka Mirosch, Gogo Balog, Sulejman Redzepi, Lulo Grabic"),
    ),
    "portuguese and cape verdean": Origin(
        _pairs("Arlindo Tavares, Deolinda Semedo, Adilson Monteiro, Rui Varela, Joana Delgado, Nelito Fortes"),
        _pairs(
            "Zulmira Ferro, Valdemar Cardadeiro, Ondina Lizardo, Belmiro Rendall, Celestina Ramalho, Elisio Vera-Cruz"
        ),
    ),
    "dutch": Origin(
        _pairs("Anneke Dijkstra, Kees Verhoeven, Femke van Leeuwen, Gerrit Postma, Marloes Timmerman, Sjoerd Bakker"),
        _pairs(
            "Hylke Terwindt, Jildou Swierstra, Aukelien van Bruchem, Wiggert Kneppelhout, Liesje Oudakker, "
            "Tjibbe Knobbout"
        ),
    ),
    "moroccan": Origin(
        _pairs("Fatima Bouali, Mohamed El Amrani, Soukaina Idrissi, Rachid Benali, Naima Ouali, Hicham Chaouch"),
        _pairs("Oulaya Tizniti, Hajiba Aznagui, Bouazza Ikhlef, Zhor Amehdar, Jilali Ouchikh, Mimount Azdad"),
    ),
    "turkish": Origin(
        _pairs("Ayşe Yılmaz, Mehmet Demir, Zeynep Kaya, Emre Öztürk, Hatice Arslan, Serkan Çelik"),
        _pairs(
            "Bilgehan Taşdöven, Nurefşan Akgöz, Turgay Bölükbaşı, Şebnem Karahisar, Muzaffer Dizdaroğlu, Efsun Kızıltan"
        ),
    ),
    "surinamese": Origin(
        _pairs("Sunita Ramlal, Orlando Pinas, Rakesh Bhageloe, Wagino Kromodimedjo, Anand Jankie, Muriel Sedney"),
        _pairs(
            "Roshnie Jhingoor, Dewnarain Kissoendajal, Soekinem Pawironadi, Ashwien Gangaram Panday, Cornelly "
            "Aboikoni, Hillegonda Eduards"
        ),
    ),
    "antillean": Origin(
        _pairs("Churandy Martina, Rutmila Croes, Sharine Maduro, Jurensley Cijntje, Xiomara Winklaar, Quincy Pieters"),
        _pairs(
            "Yaritza Rombley, Deyanira Sprock, Gilmarlon Balootje, Shudrick Evertszoon, Luzmarie Kelkboom, "
            "Raymiro Vrutaal"
        ),
    ),
    "polish": Origin(
        _pairs(
            "Agnieszka Kowalska, Piotr Nowak, Małgorzata Wiśniewska, Krzysztof Lewandowski, Katarzyna "
            "Zielińska, Tomasz Wójcik"
        ),
        _pairs(
            "Bogumiła Trzaskowska, Mścisław Grzegorczyk, Jagoda Pietruszka, Ziemowit Chrzanowski, Kazimiera "
            "Brzozowska, Przemko Świderski"
        ),
    ),
    "ukrainian": Origin(
        _pairs(
            "Oksana Kovalenko, Dmytro Shevchenko, Iryna Melnyk, Serhiy Bondarenko, Svitlana Tkachuk, Taras Kravchuk"
        ),
        _pairs(
            "Zoryslava Hnatyshyn, Yevstakhii Prytula, Mylana Vdovychenko, Ostapko Zavhorodnii, Vlasta "
            "Drobotko, Demian Ohirko"
        ),
    ),
    "syrian": Origin(
        _pairs("Ahmad Haddad, Rania Khalil, Omar Darwish, Nour Alhalabi, Bassam Khoury, Hala Shami"),
        _pairs(
            "Ghiyath Qattan, Sulaf Mardini-Zaitoun, Muhanad Barmaki, Wissal Kabakibi, Nawras Jabbouli, Ithar Turkmani"
        ),
    ),
    "eritrean": Origin(
        _pairs("Yonas Tesfay, Selam Habte, Merhawi Ghebremichael, Rahwa Berhane, Filmon Haile, Luwam Kidane"),
        _pairs(
            "Adhanom Tekie, Mehret Uqubagabir, Zemichael Aradom, Tsigereda Asmelash, Habteab Okbagaber, "
            "Fikirte Woldegiorgis"
        ),
    ),
    "somali": Origin(
        _pairs("Abdirahman Hassan, Hodan Warsame, Ifrah Jama, Liban Guled, Faduma Elmi, Ayaan Dirie"),
        _pairs("Cawil Shuuriye, Idil Xasbullah, Mahdi Gacal, Ubaxo Deerow, Kaafi Sharmaarke, Saynab Cigaal"),
    ),
    "chinese": Origin(
        _pairs("Mei Chen, Xiaoming Wang, Lihua Zhang, Wei Wong, Linh Nguyen, Yan Cheung"),
        _pairs("Qiuyue Tsoi, Zhaohui Szetu, Haoran Kuang, Meifang Liauw, Guizhen Pheng, Yuxiang Tjioe"),
    ),
    "african": Origin(
        _pairs("Kwame Mensah, Chidi Okafor, Abena Boateng, Fatoumata Diallo, Ngozi Eze, Mamadou Traoré"),
        _pairs(
            "Adwoa Nyantakyi, Obianuju Nwankwo, Thabo Mokoena, Bernadine Lokossou, Kwadwo Twumasi-Ankrah, Wanjiku Kamau"
        ),
    ),
    "balkan": Origin(
        _pairs("Dragana Petrović, Ivan Georgiev, Elena Popescu, Mirsad Hodžić, Zoltán Kovács, Blerina Hoxha"),
        _pairs(
            "Gligorije Stamenković, Rositsa Karabelyova, Anghel Bărbulescu, Dželila Šehović, Bertalan Szűcs, "
            "Rrezarta Gjonbalaj"
        ),
    ),
}


class Case(NamedTuple):
    """One generated text and the names that must not be left in it."""

    origin: str
    listed: bool
    lower: bool
    frame: str
    text: str
    names: tuple[str, ...]


def cases(*, lower: bool) -> Iterator[Case]:
    """Every frame filled with every name."""
    frames = LOWER_FRAMES if lower else FULL_FRAMES + GIVEN_FRAMES
    for origin, names in ORIGINS.items():
        for listed, pairs in ((True, names.listed), (False, names.unlisted)):
            for position, (given, family) in enumerate(pairs):
                other = pairs[(position + 1) % len(pairs)][0]
                for frame in frames:
                    filled = {"n": f"{given} {family}", "g": given, "g2": other, "s": family}
                    if lower:
                        filled = {key: value.lower() for key, value in filled.items()}
                    used = tuple(value for key, value in filled.items() if "{" + key + "}" in frame)
                    yield Case(origin, listed, lower, frame, frame.format(**filled), used)


def left_over(names: tuple[str, ...], redacted: str) -> list[str]:
    """Name words of three and more letters that can still be read."""
    small = {"van", "der", "den", "el", "de", "ben"}
    seen = {
        word.lower()
        for word in redacted.replace("-", " ")
        .replace("[", " ")
        .replace(",", " ")
        .replace(".", " ")
        .replace(":", " ")
        .replace("(", " ")
        .replace(")", " ")
        .split()
    }
    return [
        word
        for name in names
        for word in name.lower().replace("-", " ").split()
        if len(word) > 2 and word not in small and word in seen
    ]
