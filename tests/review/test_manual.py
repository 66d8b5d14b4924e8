"""The manual's tables say what the code does."""

from pathlib import Path

from tnskit.evidence import rules
from tnskit.evidence.benign import READINGS
from tnskit.review.stops import STOPS

DOCS = Path(__file__).parents[2] / "docs"


def test_the_manual_lists_every_rule_with_its_points():
    page = (DOCS / "how-it-links.md").read_text()
    rows = {line.split("|")[1].strip(" `"): line.split("|")[5].strip() for line in page.splitlines() if line.startswith("| `")}
    assert rows == {rule.id: f"{rule.points:g}" for rule in rules.read().rules.values()}


def test_the_manual_lists_every_reading_and_every_stop():
    page = (DOCS / "how-it-links.md").read_text()
    assert [reading.name for reading in READINGS if f"| {reading.name} | {reading.looks_for} |" not in page] == []
    check = (DOCS / "the-check.md").read_text()
    assert [stop.code for stop in STOPS if f"| {stop.code} |" not in check] == []
