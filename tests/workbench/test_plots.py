import matplotlib as mpl
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from tests.markets import CARD, IP, PHONE, linked
from tnskit.errors import UsageError
from tnskit.findings.explain import explain
from tnskit.findings.graph import graph
from tnskit.findings.rings import rings
from tnskit.workbench.layouts import arrange
from tnskit.workbench.plots import draw

mpl.use("Agg")


@pytest.fixture(autouse=True)
def _closed():
    import matplotlib.pyplot as plt

    yield
    plt.close("all")


@pytest.fixture(scope="module")
def two_sisters():
    day = "2024-01-01 2024-06-01"
    return linked("A B C", *[f"{name} phone {PHONE.replace(' ', '-')} {day}" for name in "AB"],
                  *[f"{name} card {CARD} {day}" for name in "AB"], f"C ip {IP} {day}")  # fmt: skip


def ego(accounts: int, seed: int = 3) -> nx.Graph:
    """A centre with groups of all sizes around it."""
    draw_, made = (
        np.random.default_rng(seed),
        nx.Graph(shown=accounts, of=2 * accounts, label="possible", hops=2),
    )
    made.add_node("A0", type="account", status="active", center=True)
    begun = 1
    while begun < accounts:
        group = range(begun, min(accounts, begun + int(draw_.choice([1, 1, 2, 3, 8, 14, 30]))))
        begun = group[-1] + 1
        for one in group:
            made.add_node(f"A{one}", type="account", status=str(draw_.choice(["active", "removed"])), center=False)
            friends = [f"A{other}" for other in group if other < one and draw_.random() < 0.3]
            for other in [*friends, *(["A0"] if not friends or draw_.random() < 0.2 else [])]:
                label = str(draw_.choice(["possible", "likely", "strong"]))
                made.add_edge(f"A{one}", other, label=label, score=9.5, families="DEVICE", benign_score=draw_.random())
    return made


def said(ax: Axes) -> str:
    return " ".join(text.get_text() for text in ax.texts).replace("\n", " ")


def boxes(ax: Axes) -> np.ndarray:
    """The boxes of the names in a picture, without its caption."""
    ax.figure.canvas.draw()
    found = [text.get_window_extent() for text in ax.texts if "How to read" not in text.get_text()]
    return np.array([[box.x0, box.y0, box.x1, box.y1] for box in found])


@pytest.mark.parametrize("accounts", [2, 5, 50, 500])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_names_do_not_overlap(accounts: int, theme: str) -> None:
    ax = draw(ego(accounts), theme=theme)
    found = boxes(ax)
    low = np.maximum(found[:, None, :2], found[None, :, :2])
    high = np.minimum(found[:, None, 2:], found[None, :, 2:])
    over = np.clip(high - low - 1.5, 0, None).prod(axis=2)
    np.fill_diagonal(over, 0)
    assert (over > 0).sum() <= accounts // 100
    assert f"{accounts:,} of {2 * accounts:,} accounts, links from 'possible' up" in said(ax)


@pytest.mark.parametrize("accounts", [5, 50, 500])
def test_nodes_do_not_overlap(accounts: int) -> None:
    at = np.array(list(arrange(ego(accounts)).places.values()))
    apart = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1)) + np.eye(accounts) * 9
    assert apart.min() > 0.8


def test_same_seed_same_places() -> None:
    assert arrange(ego(120)).places == arrange(ego(120)).places


def test_what_is_not_named_is_counted() -> None:
    assert "have no name here for want of room" in said(draw(ego(500)))


def test_components_stand_side_by_side() -> None:
    made = nx.Graph([("A", "B"), ("C", "D"), ("D", "E")])
    made.add_node("F")
    places, alone = arrange(made).places, arrange(made).alone
    assert alone == ("F",)
    assert len({(round(x, 6), round(y, 6)) for x, y in places.values()}) == 6


def test_a_ring_of_all_with_all_is_a_circle() -> None:
    at = np.array(list(arrange(nx.complete_graph(12)).places.values()))
    away = np.hypot(*(at - at.mean(axis=0)).T)
    assert np.allclose(away, away[0])


@pytest.mark.parametrize("size", [5, 7, 9, 13])
def test_no_line_runs_behind_the_one_in_the_middle(size: int) -> None:
    """Two who stand opposite each other would be linked by a line that nobody sees."""
    made = nx.complete_graph(size)
    made.nodes[0]["center"] = True
    at = {name: np.subtract(place, arrange(made).places[0]) for name, place in arrange(made).places.items()}
    middle = [np.linalg.norm(at[a] + share * (at[b] - at[a])) for a, b in made.edges if a for share in np.linspace(0, 1, 101)]
    assert min(middle) > 0.25


def test_graph_of_accounts_and_identifiers(two_sisters) -> None:
    ax = draw(graph(two_sisters, around="A", two_mode=True))
    kinds = [text.get_text() for text in ax.get_legend().get_texts()]
    assert kinds[:3] == ["account", "phone", "card"]
    assert "2 of 2 accounts and 2 identifiers that they share" in said(ax)


def test_an_account_without_links(two_sisters) -> None:
    assert "1 of 1 accounts" in said(draw(graph(two_sisters, around="C")))


def test_a_picture_says_in_words_what_it_shows(two_sisters) -> None:
    said = repr(draw(graph(two_sisters, around="A")).figure)
    assert said.startswith("Picture. Around A. 2 of 2 accounts, links from 'possible' up")
    assert "How to read" in said
    assert repr(draw(explain(two_sisters, "A", "B"), title="").figure).startswith("Picture. ")
    assert PHONE not in said


def test_the_sum_ends_at_the_score(two_sisters) -> None:
    told = explain(two_sisters, "A", "B")
    ax = draw(told)
    bars = [bar.get_x() + bar.get_width() for bar in ax.patches]
    assert bars[-1] == told.score
    assert {"strong from 11", "likely from 7", "possible from 4"} <= {text.get_text().strip() for text in ax.texts}


def test_a_sum_of_nothing(two_sisters) -> None:
    assert "0 of 0 pieces" in said(draw(explain(two_sisters, "A", "C")))


def events(*names: str) -> pd.DataFrame:
    at = pd.Timestamp("2024-01-01", tz="UTC")
    rows = [(at + pd.Timedelta(days=n), name, lane, event, "x") for name in names
            for n, (lane, event) in enumerate([("account", "opened"), ("phone", "first seen"), ("phone",
            "last seen"),
                                               ("decision", "remove"), ("telepathy", "felt")])]  # fmt: skip
    return pd.DataFrame(rows, columns=["at", "account_id", "lane", "event", "detail"])


@pytest.mark.parametrize(("count", "lines"), [(2, 8), (9, 9), (60, 40)])
def test_a_timeline_has_a_line_for_each_lane_or_account(count: int, lines: int) -> None:
    ax = draw(events(*[f"A{n}" for n in range(count)]))
    assert len(ax.get_yticks()) == lines
    assert f"of {count} accounts" in said(ax)


def test_rings_are_ranked(two_sisters) -> None:
    found = rings(two_sisters)
    assert f"{len(found)} of {len(found)} groups" in said(draw(found))
    assert "0 of 0 groups" in said(draw(found.head(0)))


@pytest.mark.parametrize(("paper", "ink"), [("#111111", "#edeff1"), ("white", "#1a1c1e")])
def test_the_theme_follows_matplotlib(paper: str, ink: str) -> None:
    with mpl.rc_context({"figure.facecolor": paper}):
        assert to_hex(draw(ego(5)).get_legend().get_texts()[0].get_color()) == ink


def test_it_draws_where_it_is_told_to() -> None:
    import matplotlib.pyplot as plt

    _, ax = plt.subplots()
    assert draw(ego(5), ax=ax, title="mine") is ax
    assert ax.get_title(loc="left") == "mine"


@pytest.mark.parametrize("value", [3, "A", pd.DataFrame({"a": [1]}), None, nx.Graph()])
def test_what_cannot_be_drawn_is_refused(value: object) -> None:
    with pytest.raises(UsageError, match=r"draw takes|nothing to draw"):
        draw(value)


def test_an_unknown_theme_is_refused() -> None:
    with pytest.raises(UsageError, match="'light', 'dark'"):
        draw(ego(5), theme="pink")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_dense_ring_is_a_matrix(theme: str) -> None:
    ring = nx.relabel_nodes(nx.complete_graph(12), {n: f"A{n}" for n in range(12)})
    nx.set_edge_attributes(ring, "strong", "label")
    ring.add_edge("A0", "B", label="possible", benign_score=0.8)
    ax = draw(ring, form="matrix", theme=theme)
    assert "67 of 78 pairs of 13 accounts are linked" in said(ax)
    assert len(ax.patches) == 2 * 67
    assert len(ax.get_yticks()) == 13


def test_growth_counts_accounts_by_their_first_day(two_sisters) -> None:
    ax = draw(graph(two_sisters, around="A"), form="growth")
    assert "2 of 2 accounts" in said(ax)
    assert list(ax.lines[0].get_ydata()) == [1, 2]


@pytest.mark.parametrize(("value", "form"), [("graph", "cube"), ("two", "matrix"), ("large", "matrix"), ("told", "matrix")])
def test_a_form_that_does_not_suit_is_refused(two_sisters, value: str, form: str) -> None:
    values = {
        "graph": ego(5),
        "large": ego(200),
        "told": explain(two_sisters, "A", "B"),
        "two": graph(two_sisters, around="A", two_mode=True),
    }
    with pytest.raises(UsageError):
        draw(values[value], form=form)


def test_a_graph_that_knows_its_places_keeps_them() -> None:
    made = nx.Graph([("A", "B")])
    nx.set_node_attributes(made, {"A": {"x": 3, "y": 1}, "B": {"x": -2, "y": 5}})
    assert arrange(made).places == {"A": (3, 1), "B": (-2, 5)}


def test_dollars_in_a_name_are_no_formula() -> None:
    ax = draw(nx.Graph([("$x^2$", "B"), ("B", "C")]))
    ax.figure.canvas.draw()
    assert not any(text.get_parse_math() for text in ax.texts)


def test_drawing_leaves_the_settings_of_the_notebook_as_the_first_figure_makes_them(monkeypatch) -> None:
    """The inline backend turns `interactive` on with the first figure; without it later figures are not shown."""
    import matplotlib.pyplot as plt

    figure = plt.figure

    def first(*told, **words):
        mpl.rcParams["interactive"] = True
        return figure(*told, **words)

    with mpl.rc_context({"interactive": False}):
        monkeypatch.setattr(plt, "figure", first)
        draw(ego(5))
        assert mpl.rcParams["interactive"]
