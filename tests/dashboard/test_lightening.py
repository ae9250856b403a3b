"""What a page is made into on its way to a browser: the same page, of few components."""

from typing import Any

import dash_ag_grid as dag
import plotly.graph_objects as go
import pytest
from dash import dcc, html
from dash.development.base_component import Component
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components.later import Later
from dashboard.components.lightening import light
from dashboard.components.markup import markup
from dashboard.components.pieces import aria, table
from dashboard.components.text import Text


def components(tree: Any) -> list[Component]:
    """Every component that a browser gets."""
    if isinstance(tree, (list, tuple)):
        return [found for part in tree for found in components(part)]
    inner = components(getattr(tree, "children", None)) if isinstance(tree, Component) else []
    return [tree, *inner] if isinstance(tree, Component) else inner


def as_html(tree: Any) -> str:
    """What a browser makes of a tree, text in pieces included."""
    if isinstance(tree, (list, tuple)):
        return "".join(as_html(part) for part in tree)
    if isinstance(tree, Text):
        shell = markup(getattr(html, tree.tag.title())(**tree.attributes))
        begin, end = shell.split(">", 1)
        return f"{begin}>{tree.html}{end}"
    return markup(tree)


def test_a_table_of_a_thousand_cells_is_one_component_and_the_same_table() -> None:
    cells = [[html.Strong(f"{row} & {n}") for n in range(10)] for row in range(100)]
    whole = table([f"c{n}" for n in range(10)], cells, "results")
    shown = light(whole)
    assert len(components(whole)) > 1000
    assert len(components(shown)) == 1
    assert as_html(shown) == markup(whole)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"])))
def test_whatever_a_name_holds_it_stays_text(name: str) -> None:
    shown = light(html.Div(html.P(name, title=name), **aria(label=name)))
    assert isinstance(shown, Text)
    assert shown.html == markup(html.P(name, title=name))
    assert shown.attributes == {"aria-label": name}


def test_links_in_text_are_marked_to_be_followed_and_those_to_files_are_not() -> None:
    shown = light(html.Ul([html.Li(dcc.Link("a", href="/compare")), html.Li(html.A("b", href="/x.csv"))]))
    assert shown.html == '<li><a href="/compare" data-followed>a</a></li><li><a href="/x.csv">b</a></li>'


@pytest.mark.parametrize(
    "kept",
    [
        html.Div(html.B("named"), id="named"),
        html.Div(html.B("styled"), style={"height": "1px"}),
        html.Div(html.B("spoken"), **aria(live="polite")),
        html.Div([html.B("waits"), dcc.Store(id="s")]),
    ],
)
def test_what_callbacks_or_a_style_need_stays_a_component(kept: Any) -> None:
    shown = light(html.Section([kept, html.P(html.B("text"))]))
    inside, text = shown.children
    assert type(inside) is type(kept)
    assert isinstance(text, Text)


def test_plots_and_grids_wait_for_their_reader_in_as_much_room_as_they_will_take() -> None:
    graph = dcc.Graph(id="g", figure=go.Figure(), style={"height": "300px"})
    grid = dag.AgGrid(id="t")
    shown = light([html.Figure([graph, html.Figcaption("a plot")]), html.Div(grid)])
    places = [found for found in components(shown) if isinstance(found, Later)]
    assert [place.children for place in places] == [graph, grid]
    assert [place.room for place in places] == [{"height": "300px"}, {}]


def test_the_tree_that_was_given_is_as_before() -> None:
    graph = dcc.Graph(id="g")
    whole = html.Div([html.P(html.B("text")), graph], id="whole")
    light(whole)
    assert whole.children[1] is graph
    assert isinstance(whole.children[0], html.P)
