"""Colours and shapes, once: paper and ink for light and dark, and one mark for every kind of node.

The colours are those of Okabe and Ito, which stay apart for every common kind of colour blindness; each kind
has its own shape besides, so that nothing is told by colour alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import matplotlib as mpl
from matplotlib.colors import to_rgb
from matplotlib.path import Path

from tnskit.errors import UsageError

SKY, BLUE, GREEN, ORANGE = "#56B4E9", "#0072B2", "#009E73", "#E69F00"
YELLOW, PURPLE, VERMILION, GREY = "#F0E442", "#CC79A7", "#D55E00", "#9AA0A6"

_HOUSE = Path([(-0.8, -0.9), (0.8, -0.9), (0.8, 0.1), (0.0, 1.0), (-0.8, 0.1), (-0.8, -0.9)])


@dataclass(frozen=True)
class Theme:
    """Colours of one page."""

    name: str
    paper: str
    ink: str
    soft: str
    """Second voice: captions, edges of middling weight."""
    faint: str
    """Grid lines and the ground of groups."""
    benign: str
    """Edges with an innocent reading that is more likely than not."""
    plus: str
    minus: str


LIGHT = Theme("light", "#FFFFFF", "#1A1C1E", "#5B6167", "#DADDE1", "#00805C", BLUE, VERMILION)
DARK = Theme("dark", "#15181B", "#EDEFF1", "#A9B0B7", "#3A4046", "#3FD0A4", SKY, "#FF8A3D")


@dataclass(frozen=True)
class Mark:
    """How one kind of node is drawn, and its word in the legend."""

    word: str
    shape: str | Path
    colour: str
    size: float = 1.0
    """Share of the usual area, so that all shapes weigh the same to the eye."""


MARKS: dict[str, Mark] = {
    "account": Mark("account", "o", SKY),
    "phone": Mark("phone", "^", ORANGE, 1.1),
    "card": Mark("card", "s", PURPLE, 0.85),
    "card_digits": Mark("card digits", "s", GREY, 0.85),
    "ip": Mark("network", "D", GREEN, 0.75),
    "device": Mark("device", "p", YELLOW, 1.15),
    "email": Mark("e-mail", "h", VERMILION, 1.1),
    "payout": Mark("bank account", "P", PURPLE, 1.1),
    "address": Mark("address", _HOUSE, BLUE, 1.3),
    "identity": Mark("document or face", "*", VERMILION, 1.6),
    "licence": Mark("licence", "v", BLUE, 1.1),
    "tax_id": Mark("tax number", ">", GREEN, 1.1),
    "social": Mark("social page", "<", ORANGE, 1.1),
}
"""One mark a kind, in the order of the legend."""

FOLDED: dict[str, Mark] = {
    "group": Mark("accounts folded into one", "8", GREY, 1.9),
    "more": Mark("more, not shown yet", "H", GREY, 0.9),
}
"""What stands for several accounts."""

OTHER = Mark("something else", "d", GREY)


def mark_of(kind: str) -> Mark:
    """Give the mark of a kind of node."""
    return MARKS.get(kind) or FOLDED.get(kind, OTHER)


def theme_of(name: str | None) -> Theme:
    """Give a theme by name; None follows the colour that matplotlib's figures have now.

    Raises:
        UsageError: Another name.
    """
    if name is None:
        red, green, blue = to_rgb(mpl.rcParams["figure.facecolor"])
        return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.5 else LIGHT
    if name not in {"light", "dark"}:
        raise UsageError(f"'{name}' is not a theme; they are 'light', 'dark', or None to follow the notebook")
    return DARK if name == "dark" else LIGHT
