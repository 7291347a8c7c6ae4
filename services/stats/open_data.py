# SPDX-License-Identifier: EUPL-1.2
"""The catalogue of open data, as linked data after DCAT-AP-NL 3.

Pure. Owns how data sets, their files and who publishes them are described. Holds no figure.
Source: DCAT-AP-NL 3.0, https://docs.geostandaarden.nl/dcat/dcat-ap-nl30/
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from rdflib import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from services.stats.open_files import FORMS, LICENCE, DataSet

EU: Final = "http://publications.europa.eu/resource/authority/"
PUBLIC: Final = URIRef(f"{EU}access-right/PUBLIC")
DUTCH: Final = URIRef(f"{EU}language/NLD")
QUARTERLY: Final = URIRef(f"{EU}frequency/QUARTERLY")
COMPLETED: Final = URIRef("http://purl.org/adms/status/Completed")
NETHERLANDS: Final = URIRef(f"{EU}country/NLD")
THEMES: Final = URIRef(f"{EU}data-theme")
FILE_TYPES: Final = {"csv": "CSV", "csv-excel": "CSV", "json": "JSON", "csv-metadata": "JSON_LD"}
STANDARDS: Final = {
    "csv": "https://www.rfc-editor.org/rfc/rfc4180", "json": "https://www.rfc-editor.org/rfc/rfc8259",
    "csv-metadata": "https://www.w3.org/TR/tabular-metadata/",
}  # fmt: skip
TABULAR: Final = "https://www.w3.org/TR/tabular-data-model/"
FILE_NAMES: Final = {
    "csv": "csv met komma's", "csv-excel": "csv voor Excel, met puntkomma's", "json": "JSON",
    "csv-metadata": "beschrijving van de csv (CSV on the Web)",
}  # fmt: skip
VCARD: Final = Namespace("http://www.w3.org/2006/vcard/ns#")
ADMS: Final = Namespace("http://www.w3.org/ns/adms#")
SOCIETY: Final = URIRef(f"{EU}data-theme/SOCI")
KEYWORDS: Final = ("discriminatie", "meldingen", "gemeente")
MEDIA: Final = "https://www.iana.org/assignments/media-types/"


CLASSES: Final = {
    DCTERMS.language: (DCTERMS.LinguisticSystem,),
    DCTERMS.license: (DCTERMS.LicenseDocument,),
    DCAT.mediaType: (DCTERMS.MediaType,),
    DCTERMS.format: (DCTERMS.MediaTypeOrExtent,),
    DCTERMS.spatial: (DCTERMS.Location,),
    DCTERMS.accrualPeriodicity: (DCTERMS.Frequency,),
    DCTERMS.accessRights: (DCTERMS.RightsStatement,),
    ADMS.status: (SKOS.Concept,),
    DCAT.theme: (SKOS.Concept,),
    DCAT.themeTaxonomy: (SKOS.ConceptScheme,),
    DCTERMS.type: (SKOS.Concept,),
    FOAF.homepage: (FOAF.Document,),
    FOAF.page: (FOAF.Document,),
    DCAT.landingPage: (FOAF.Document,),
    DCTERMS.conformsTo: (DCTERMS.Standard,),
    DCAT.contactPoint: (VCARD.Kind,),
}


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who publishes: the bureau of the municipality."""

    name: str
    url: str
    email: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A data set in the catalogue, and when it was last changed. `quarters`: first and last day of its figures."""

    data: DataSet
    first: dt.date
    last: dt.date
    issued_at: dt.datetime
    changed_at: dt.datetime
    page: str
    """Where people see these figures."""


def graph(base: str, publisher: Publisher, listed: Sequence[Listed], *, place: str, changed_at: dt.datetime) -> Graph:
    """The catalogue as a graph. `base`: the address of the catalogue itself."""
    made, catalogue, agent, contact = _start(base, publisher)
    _say(made, catalogue, (RDF.type, DCAT.Catalog), *_named(f"Open cijfers over discriminatie in {place}", ABOUT))
    _say(
        made, catalogue, (DCTERMS.publisher, agent), (DCAT.contactPoint, contact), (DCTERMS.language, DUTCH),
        (DCTERMS.license, URIRef(LICENCE)), (DCTERMS.modified, _moment(changed_at)), (FOAF.homepage, URIRef(base)),
        (DCAT.themeTaxonomy, THEMES), (DCTERMS.spatial, NETHERLANDS), (DCTERMS.issued, _moment(changed_at)),
    )  # fmt: skip
    _say(made, catalogue, (DCTERMS.creator, agent))
    _say(made, THEMES, (DCTERMS.title, Literal("Data theme", lang="en")))
    for one in listed:
        made.add((catalogue, DCAT.dataset, URIRef(f"{base}/{one.data.id}")))
        _add_data_set(made, base, one, agent, contact)
    _add_classes(made)
    return made


def graph_of(base: str, publisher: Publisher, one: Listed) -> Graph:
    """One data set as a graph: what its own address answers."""
    made, _, agent, contact = _start(base, publisher)
    _add_data_set(made, base, one, agent, contact)
    _add_classes(made)
    return made


def _start(base: str, publisher: Publisher) -> tuple[Graph, URIRef, URIRef, URIRef]:
    """A graph with who publishes: itself, the catalogue, the publisher and how to reach it."""
    made = Graph()
    for prefix, space in (("dcat", DCAT), ("dct", DCTERMS), ("foaf", FOAF), ("vcard", VCARD), ("adms", ADMS)):
        made.bind(prefix, space)
    catalogue, agent, contact = URIRef(base), URIRef(f"{base}#uitgever"), URIRef(f"{base}#contact")
    _say(
        made, agent, (RDF.type, FOAF.Agent), (FOAF.name, Literal(publisher.name, lang="nl")),
        (FOAF.homepage, URIRef(publisher.url)), (DCTERMS.identifier, Literal(publisher.url, datatype=XSD.anyURI)),
        (DCTERMS.type, URIRef("http://purl.org/adms/publishertype/NonProfitOrganisation")),
    )  # fmt: skip
    _say(
        made, contact, (RDF.type, VCARD.Organization), (VCARD.fn, Literal(publisher.name, lang="nl")),
        (VCARD.hasEmail, URIRef(f"mailto:{publisher.email}")), (VCARD.hasURL, URIRef(publisher.url)),
    )  # fmt: skip
    return made, catalogue, agent, contact


def _add_classes(made: Graph) -> None:
    """Say of every code from an official list what it is: a validator does not fetch the lists."""
    for predicate, kinds in CLASSES.items():
        for thing in set(made.objects(None, predicate)):
            for kind in kinds:
                made.add((thing, RDF.type, kind))
            if SKOS.Concept in kinds:
                made.add((thing, SKOS.prefLabel, Literal(str(thing).rpartition("/")[2], lang="en")))


ABOUT: Final = "Aantallen meldingen per kwartaal. De aantallen wijken licht af, om mensen te beschermen."


def _add_data_set(made: Graph, base: str, one: Listed, agent: Node, contact: Node) -> None:
    data, subject = one.data, URIRef(f"{base}/{one.data.id}")
    _say(made, subject, (RDF.type, DCAT.Dataset), *_named(data.title, ABOUT))
    period = URIRef(f"{subject}#periode")
    _say(
        made, subject, (DCTERMS.identifier, Literal(str(subject), datatype=XSD.anyURI)), (DCTERMS.publisher, agent),
        (DCTERMS.creator, agent), (DCAT.contactPoint, contact), (DCAT.theme, SOCIETY), (DCTERMS.accessRights, PUBLIC),
        (DCTERMS.language, DUTCH), (DCTERMS.accrualPeriodicity, QUARTERLY), (DCTERMS.issued, _moment(one.issued_at)),
        (DCTERMS.modified, _moment(one.changed_at)), (DCTERMS.temporal, period), (DCTERMS.spatial, NETHERLANDS),
        (DCTERMS.license, URIRef(LICENCE)), (ADMS.status, URIRef(f"{EU}dataset-status/COMPLETED")),
        (DCAT.landingPage, URIRef(one.page)), (FOAF.page, URIRef(one.page)), (DCTERMS.conformsTo, URIRef(TABULAR)),
        *((DCAT.keyword, Literal(word, lang="nl")) for word in KEYWORDS),
    )  # fmt: skip
    _say(
        made, period, (RDF.type, DCTERMS.PeriodOfTime), (DCAT.startDate, Literal(one.first)),
        (DCAT.endDate, Literal(one.last)),
    )  # fmt: skip
    for form, media in FORMS.items():
        _add_file(made, subject, form, media, one)


def _add_file(made: Graph, data_set: URIRef, form: str, media: str, one: Listed) -> None:
    file = URIRef(f"{data_set}/bestanden/{form}")
    made.add((data_set, DCAT.distribution, file))
    _say(made, file, (RDF.type, DCAT.Distribution), *_named(f"{one.data.title}: {FILE_NAMES[form]}", ABOUT))
    _say(
        made, file, (DCAT.accessURL, file), (DCAT.downloadURL, file), (DCTERMS.license, URIRef(LICENCE)),
        (DCTERMS.format, URIRef(f"{EU}file-type/{FILE_TYPES[form]}")), (DCAT.mediaType, URIRef(f"{MEDIA}{media}")),
        (DCTERMS.language, DUTCH), (DCTERMS.issued, _moment(one.issued_at)),
        (DCTERMS.modified, _moment(one.changed_at)), (ADMS.status, URIRef(f"{EU}distribution-status/COMPLETED")),
        (DCTERMS.conformsTo, URIRef(STANDARDS[form.removesuffix("-excel")])),
    )  # fmt: skip


def _named(title: str, about: str) -> tuple[tuple[Node, Node], ...]:
    return (DCTERMS.title, Literal(title, lang="nl")), (DCTERMS.description, Literal(about, lang="nl"))


def _say(made: Graph, subject: Node, *said: tuple[Node, Node]) -> None:
    for predicate, thing in said:
        made.add((subject, predicate, thing))


def _moment(at: dt.datetime) -> Literal:
    return Literal(at.replace(microsecond=0))
