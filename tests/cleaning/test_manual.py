"""The manual's page on identifiers says what the code does."""

import re
from pathlib import Path

import pytest

from tnskit.cleaning.identifiers import BY_DESIGN, KINDS
from tnskit.cleaning.kinds import emails, networks

PAGE = (Path(__file__).parents[2] / "docs/identifiers.md").read_text(encoding="utf-8")


def table(name):
    """The rows of the table below a mark, without the ticks round code."""
    lines = PAGE.split(f"<!-- {name} -->")[1].split("\n\n")[1].splitlines()[2:]
    cells = [re.split(r"(?<!\\)\|", line)[1:-1] for line in lines]
    return [tuple(re.sub(r"^`(.*)`$", r"\1", cell.strip()).replace("\\|", "|") for cell in row) for row in cells]


def raw(kind, written):
    return "\x1f".join(cell.strip() for cell in written.split("·")) if kind == "address" else written


@pytest.mark.parametrize(("kind", "written", "means", "shown", "klass"), table("read"))
def test_what_is_read_is_read_so(kind, written, means, shown, klass):
    one = KINDS[kind]
    assert one.clean(raw(kind, written)) == means
    assert (one.shown(means), one.klass(means)) == (shown, klass)


@pytest.mark.parametrize(("kind", "written", "why"), table("refused"))
def test_what_is_refused_is_refused_for_that_reason(kind, written, why):
    assert KINDS[kind].clean(raw(kind, written)) is None
    assert KINDS[kind].fault(raw(kind, written)) == why


def test_every_kind_is_read_and_refused_somewhere():
    assert {row[0] for row in table("read")} == set(KINDS)
    assert {row[0] for row in table("refused")} == set(KINDS)


def test_every_class_that_a_value_tells_is_explained():
    shown = {(row[4], row[0]) for row in table("read") if row[4]} | {(name, "phone") for name in BY_DESIGN}
    assert {(row[0], row[1]) for row in table("classes")} == shown


def test_the_dates_of_the_tables_are_told():
    assert f"| {emails.TABLE['date']} |" in PAGE
    assert f"| {networks.dated()} |" in PAGE
