# SPDX-License-Identifier: EUPL-1.2
"""Charts: accessible, honest about what is hidden, safe with any label, the same bytes each time."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.web.charts import Bar, Point, bar_chart, line_chart

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    """The drawing as a tree, in its namespace as an HTML parser gives it."""
    return ET.fromstring(str(svg).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # noqa: S314 -- our own


def shapes(tree: ET.Element, kind: str) -> list[ET.Element]:
    return [one for one in tree.iter() if one.get("class") == kind]


def test_given_figures_when_drawn_then_title_description_and_role_are_there() -> None:
    tree = parsed(bar_chart([Bar("Godsdienst", 4)], title="Per grond", description="Vooral godsdienst."))

    assert tree.get("role") == "img"
    title, description = tree.find(f"{SVG}title"), tree.find(f"{SVG}desc")
    assert title is not None
    assert description is not None
    assert (title.text, description.text) == ("Per grond", "Vooral godsdienst.")
    assert (title.get("id"), description.get("id")) == (tree.get("aria-labelledby"), tree.get("aria-describedby"))


def test_given_bars_when_drawn_then_length_follows_the_figure() -> None:
    tree = parsed(bar_chart([Bar("a", 10), Bar("b", 5), Bar("c", 0)], title="t", description="d"))

    widths = [float(one.get("width", "0")) for one in shapes(tree, "bar")]
    assert widths[0] == pytest.approx(2 * widths[1], abs=0.2)
    assert widths[2] <= 1


def test_given_a_hidden_value_when_drawn_then_no_bar_says_how_long() -> None:
    tree = parsed(bar_chart([Bar("a", 10), Bar("b", None)], title="t", description="d"))
    other = parsed(bar_chart([Bar("a", 900), Bar("b", None)], title="t", description="d"))

    assert len(shapes(tree, "bar")) == 1
    hidden = [one.attrib for one in shapes(tree, "bar-hidden")]
    assert hidden == [one.attrib for one in shapes(other, "bar-hidden")]
    assert "niet getoond" in "".join(tree.itertext())


def test_given_a_hidden_point_when_drawn_then_the_line_breaks() -> None:
    points = [Point("1", 1), Point("2", 2), Point("3", None), Point("4", 2), Point("5", 3)]

    tree = parsed(line_chart(points, title="t", description="d"))

    assert len(shapes(tree, "line")) == 2
    assert len(shapes(tree, "dot")) == 4


def test_given_a_band_and_a_mark_when_drawn_then_both_are_there() -> None:
    points = [Point("1", 1, 0, 3), Point("2", 9, 0, 3, marked=True)]

    tree = parsed(line_chart(points, title="t", description="d"))

    assert len(shapes(tree, "band")) == 1
    assert len(shapes(tree, "mark")) == 1


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")))
DRAWN = {f"{SVG}{tag}" for tag in ("svg", "title", "desc", "text", "rect", "line", "path", "circle")}


@given(st.lists(st.tuples(TEXT, st.none() | st.integers(0, 10**9) | st.floats(0, 1e9)), max_size=40), TEXT)
def test_given_anything_when_drawn_then_only_our_shapes_and_all_inside(
    rows: list[tuple[str, float | None]], title: str
) -> None:
    bars = bar_chart([Bar(label, value) for label, value in rows], title=title, description=title)
    line = line_chart([Point(label, value, 0, value) for label, value in rows], title=title, description=title)

    for tree in (parsed(bars), parsed(line)):
        width, height = map(float, (tree.get("viewBox") or "").split()[2:])
        assert {one.tag for one in tree.iter()} <= DRAWN
        for one in tree.iter():
            assert "style" not in one.attrib
            for name, most in (("x", width), ("cx", width), ("width", width), ("y", height), ("cy", height)):
                assert 0 <= float(one.get(name, "0")) <= most


def test_given_a_label_with_markup_when_drawn_then_it_is_text() -> None:
    svg = bar_chart([Bar("<script>&", 1)], title="<b>", description='"')

    assert "<script>" not in svg
    assert "&lt;script&gt;&amp;" in svg


def test_given_the_same_figures_when_drawn_twice_then_the_same_bytes_and_another_title_another_id() -> None:
    one = bar_chart([Bar("a", 1)], title="t", description="d")

    assert one == bar_chart([Bar("a", 1)], title="t", description="d")
    other = parsed(bar_chart([Bar("a", 1)], title="u", description="d"))
    assert parsed(one).get("aria-labelledby") != other.get("aria-labelledby")


@pytest.mark.parametrize("count", [0, 1, 2, 24, 500])
def test_given_any_number_of_points_when_drawn_then_few_labels_and_the_last_among_them(count: int) -> None:
    tree = parsed(line_chart([Point(f"wk {i}", i % 7) for i in range(count)], title="t", description="d"))

    labels = [one.text for one in tree.iter(f"{SVG}text") if one.text and one.text.startswith("wk")]
    assert len(labels) <= 5
    assert count == 0 or labels[-1] == f"wk {count - 1}"
