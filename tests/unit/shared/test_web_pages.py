# SPDX-License-Identifier: EUPL-1.2
"""The page layout: valid, complete, escaped, on tokens only, with a municipality's theme over it."""

import itertools
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, Request
from jinja2 import UndefinedError
from starlette.responses import Response

from shared.errors import Misconfigured
from shared.web import NavLink, Pages, Site, Theme, create_app
from shared.web.pages import HERE

VOID = {"meta", "link", "input", "br", "hr", "img", "path", "circle", "rect"}
FORM = """{% extends "layout.html" %}{% import "macros.html" as ui %}
{% block title %}Proef{% endblock %}
{% block content %}<h1>Proef</h1>
{{ ui.steps(["Een", "Twee", "Drie"], 2) }}
{{ ui.error_summary([("naam", "Vul een naam in."), ("grond", "Kies een grond.")]) }}
{{ ui.notification(text, kind="warning") }}
<form method="post">
{{ ui.field("naam", "Naam", text, help="Zoals in uw paspoort.", error="Vul een naam in.", who="Niemand.") }}
{{ ui.select("terrein", "Terrein", [("a", text), ("b", "B")], "a", required=true) }}
{{ ui.checkboxes("grond", "Grond", [("x", text, text), ("y", "Y", "")], ["y"], error="Kies een grond.") }}
{{ ui.radios("actie", "Actie", [("ja", "Ja", ""), ("nee", "Nee", "")], "nee", required=true) }}
{{ ui.textarea("verhaal", "Verhaal", text, help="Kort mag.", maxlength=20000) }}
</form>
{{ ui.table("Cijfers", ["Grond", "Aantal"], [[text, 3], ["B", none]], [1], ["Totaal", 3]) }}
{{ ui.pager(2, 3, "/x?bladzijde={page}") }}
{{ ui.empty_state("Leeg.", "/melden", "Melden") }}
{{ ui.facts([("Periode", text)]) }}{{ ui.status("Open", "ok") }}
{% endblock %}"""
HOSTILE = "<script>alert('x')</script>\" onload=\"y"


class Outline(HTMLParser):
    """What a test needs of a page: elements with attributes, and whether all that opens also closes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} has an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.crossed.append(tag)

    def every(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of every element of this name."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    (tmp_path / "proef.html").write_text(FORM, encoding="utf-8")
    return tmp_path


async def rendered(pages: Pages, path: str = "/proef", *, text: str = "a") -> httpx2.Response:
    """The answer with this page, or whatever stands at another path."""
    router = APIRouter()

    @router.get("/proef")
    async def proef(request: Request) -> Response:
        links = [NavLink("/proef", "Proef"), NavLink("/proefpolder", "Polder")]
        return pages.render(request, "proef.html", navigation=links, signed_in_as=HOSTILE, text=text)

    @router.get("/")
    async def home(request: Request) -> Response:
        return pages.render(request, "home.html")

    @router.get("/aanmelden")
    async def sign_in(request: Request) -> Response:
        return pages.render(request, "sign_in_failed.html")

    app = create_app(
        title="t", description="d", prefix="/p", version="1.0.0",
        contact={"name": "n", "url": "https://example.org", "email": "n@example.org"},
        routers=[router], pages=pages,
    )  # fmt: skip
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://seinhuis.test") as client:
        return await client.get(path, headers={"accept": "text/html"})


@pytest.mark.parametrize("path", ["/proef", "/", "/aanmelden", "/bestaat-niet"])
async def test_given_any_page_when_shown_then_it_is_well_formed_and_accessible(templates: Path, path: str) -> None:
    pages = Pages(templates, site=Site("Voorbeeldstad", "Het Meldpunt", "https://example.org", "0123"))

    page = Outline((await rendered(pages, path, text=HOSTILE)).text)

    assert page.open == []
    assert page.crossed == []
    assert page.every("html") == [{"lang": "nl"}]
    assert len(page.every("h1")) == len(page.every("main")) == len(page.every("title")) == 1
    ids = Counter(attributes["id"] for _, attributes in page.elements if "id" in attributes)
    assert [name for name, count in ids.items() if count > 1] == []
    for _, attributes in page.elements:
        for reference in ("for", "aria-labelledby"):
            assert attributes.get(reference) in {None, *ids}
        assert set((attributes.get("aria-describedby") or "").split()) <= set(ids)
        href = attributes.get("href") or ""
        assert not href.startswith("#") or href[1:] in ids
    headings = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(headings))


@pytest.mark.parametrize("path", ["/proef", "/", "/aanmelden", "/bestaat-niet"])
async def test_given_any_page_when_shown_then_nothing_needs_script_style_or_another_host(
    templates: Path, path: str
) -> None:
    page = Outline((await rendered(Pages(templates), path, text=HOSTILE)).text)

    assert page.every("script") == page.every("style") == page.every("iframe") == []
    for tag, attributes in page.elements:
        assert not {name for name in attributes if name == "style" or name.startswith("on")}
        loaded = attributes.get("src") or (attributes.get("href") if tag == "link" else None) or "/"
        assert loaded.startswith("/")


async def test_given_hostile_values_when_shown_then_they_are_text(templates: Path) -> None:
    page = (await rendered(Pages(templates), text=HOSTILE)).text

    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 7


async def test_given_every_page_when_shown_then_112_and_a_skip_link_come_first(templates: Path) -> None:
    page = Outline((await rendered(Pages(templates))).text)

    links = [attributes["href"] for attributes in page.every("a")]
    assert links[:3] == ["#inhoud", "tel:112", "/"]


async def test_given_the_page_one_is_on_when_shown_then_only_its_link_says_so(templates: Path) -> None:
    page = Outline((await rendered(Pages(templates))).text)

    current = [attributes["href"] for attributes in page.every("a") if attributes.get("aria-current") == "page"]
    assert current == ["/proef"]


async def test_given_a_field_with_a_fault_when_shown_then_it_is_tied_to_it(templates: Path) -> None:
    page = Outline((await rendered(Pages(templates))).text)

    name = next(one for one in page.every("input") if one.get("name") == "naam")
    assert name["aria-invalid"] == "true"
    assert name["aria-describedby"] == "naam-fout naam-uitleg"
    assert "required" not in name


async def test_given_a_template_that_misses_a_value_when_shown_then_it_is_an_error(templates: Path) -> None:
    pages = Pages(templates)
    request = Request({"type": "http", "path": "/", "headers": [], "query_string": b"", "server": ("a", 80)})

    with pytest.raises(UndefinedError):
        pages.render(request, "proef.html")


async def test_given_a_static_file_when_asked_by_its_address_then_kept_for_good_and_no_other(templates: Path) -> None:
    pages = Pages(templates)

    found = await rendered(pages, pages.static("seinhuis.css"))
    old = await rendered(pages, "/static/0000000000000000/seinhuis.css")
    outside = await rendered(pages, "/static/x/..%2f..%2fpages.py")

    assert found.headers["content-type"].startswith("text/css")
    assert "immutable" in found.headers["cache-control"]
    assert old.status_code == outside.status_code == 404


async def test_given_a_theme_when_configured_then_its_tokens_lie_over_the_neutral_ones(
    templates: Path, tmp_path: Path
) -> None:
    css = tmp_path / "theme.css"
    css.write_text(".stad-theme { --utrecht-document-color: #123456 }", encoding="utf-8")
    pages = Pages(templates, site=Site(theme=Theme(css, "stad-theme")))

    page = Outline((await rendered(pages)).text)
    served = await rendered(pages, pages.static("theme.css"))

    assert page.every("html") == [{"lang": "nl", "class": "stad-theme"}]
    sheets = [str(one["href"]).rpartition("/")[2] for one in page.every("link") if one["rel"] == "stylesheet"]
    assert sheets == ["tokens.css", "theme.css", "seinhuis.css"]
    assert "#123456" in served.text


def test_given_a_theme_that_is_not_there_when_started_then_misconfigured(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured):
        Pages(site=Site(theme=Theme(tmp_path / "weg.css")))


def _css(name: str) -> str:
    text = (HERE / "static" / name).read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)


def test_given_the_stylesheet_when_read_then_every_token_it_uses_is_defined_and_every_defined_one_used() -> None:
    used = set(re.findall(r"var\((--[\w-]+)\s*\)", _css("seinhuis.css") + _css("tokens.css")))
    defined = set(re.findall(r"(--[\w-]+)\s*:", _css("tokens.css")))

    assert used == defined


def test_given_the_stylesheet_when_read_then_it_has_no_colour_or_font_of_its_own() -> None:
    declarations = re.findall(r"[\w-]+\s*:\s*[^;{}]+;", _css("seinhuis.css"))

    for declaration in declarations:
        name, _, value = declaration.partition(":")
        assert not re.search(r"#[0-9a-fA-F]{3,8}\b|\brgb|\bhsl", value), declaration
        assert name.strip() != "font-family" or "var(" in value or "inherit" in value or "monospace" in value


def _luminance(colour: str) -> float:
    channels = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _colour(tokens: dict[str, str], name: str) -> str:
    value = tokens[name]
    return _colour(tokens, value[4:-1]) if value.startswith("var(") else value


@pytest.mark.parametrize(
    ("text", "ground", "least"),
    [
        ("utrecht-document-color", "utrecht-document-background-color", 4.5),
        ("utrecht-document-color", "seinhuis-panel-background-color", 4.5),
        ("utrecht-link-color", "utrecht-document-background-color", 4.5),
        ("utrecht-link-color", "seinhuis-panel-background-color", 4.5),
        ("utrecht-link-visited-color", "utrecht-document-background-color", 4.5),
        ("utrecht-focus-color", "utrecht-focus-background-color", 4.5),
        ("utrecht-page-header-color", "utrecht-page-header-background-color", 4.5),
        ("utrecht-nav-bar-color", "utrecht-nav-bar-background-color", 4.5),
        ("utrecht-page-footer-color", "utrecht-page-footer-background-color", 4.5),
        ("utrecht-button-primary-action-color", "utrecht-button-primary-action-background-color", 4.5),
        ("utrecht-button-secondary-action-color", "utrecht-button-secondary-action-background-color", 4.5),
        ("utrecht-form-field-description-color", "utrecht-document-background-color", 4.5),
        ("utrecht-form-field-description-color", "seinhuis-panel-background-color", 4.5),
        ("utrecht-form-field-error-message-color", "utrecht-document-background-color", 4.5),
        ("utrecht-table-header-color", "utrecht-table-header-background-color", 4.5),
        ("utrecht-alert-info-color", "utrecht-alert-info-background-color", 4.5),
        ("utrecht-alert-ok-color", "utrecht-alert-ok-background-color", 4.5),
        ("utrecht-alert-warning-color", "utrecht-alert-warning-background-color", 4.5),
        ("utrecht-alert-error-color", "utrecht-alert-error-background-color", 4.5),
        ("seinhuis-emergency-color", "seinhuis-emergency-background-color", 4.5),
        ("utrecht-textbox-border-color", "utrecht-document-background-color", 3.0),
        ("seinhuis-chart-bar-color", "utrecht-document-background-color", 3.0),
        ("seinhuis-chart-mark-color", "utrecht-document-background-color", 3.0),
    ],
)
def test_given_the_neutral_theme_when_measured_then_contrast_is_enough(text: str, ground: str, least: float) -> None:
    tokens = dict(re.findall(r"--([\w-]+)\s*:\s*([^;]+);", _css("tokens.css")))
    tokens = {name: value.replace("var(--", "var(") for name, value in tokens.items()}

    bright, dark = sorted((_luminance(_colour(tokens, text)), _luminance(_colour(tokens, ground))), reverse=True)

    assert (bright + 0.05) / (dark + 0.05) >= least
