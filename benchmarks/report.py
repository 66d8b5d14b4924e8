"""Tables and the plot of `linking.py`, for the terminal and for the manual."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from children import Cost, median, ratios, spread

DOCS = Path(__file__).parent.parent / "docs"
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"

Found = dict[int, dict[str, Any]]


def told(found: Found) -> str:
    """All tables, in Markdown."""
    parts = [part for accounts, some in found.items() for part in (_ways(accounts, some), _figures(accounts, some))]
    if len(found) > 1:
        small, large = min(found), max(found)
        times = _of(found[large]["components"], "tnskit") / _of(found[small]["components"], "tnskit")
        parts.append(f"From {small:,} to {large:,} accounts the components cost {times:.1f} times the CPU.")
    return "\n\n".join(parts)


def _of(costs: dict[str, list[Cost]], way: str) -> float:
    return median(costs[way])


def _ways(accounts: int, some: dict[str, Any]) -> str:
    costs = some["components"] | some["pairs"]
    ours = {"components": costs["tnskit"], "pairs": costs["tnskit, pairs"]}
    lines = [
        f"### {accounts:,} accounts",
        "",
        "| Parquet to ... | way | CPU s (least to most) | wall s | peak MiB | CPU, times ours (least to most) | wall, times ours |",
        "|---|---|---|---|---|---|---|",
    ]
    for work in ("components", "pairs"):
        wall = median(ours[work], "wall")
        for way in some[work]:
            cost = some[work][way]
            lines.append(
                f"| {work} | {way} | {median(cost):.2f} ({spread(cost)}) | {median(cost, 'wall'):.2f} | {median(cost, 'peak'):,.0f} "
                f"| {median(cost) / median(ours[work]):.2f} ({ratios(cost, ours[work])}) | {median(cost, 'wall') / wall:.2f} |"
            )
    return "\n".join(lines)


def _figures(accounts: int, some: dict[str, Any]) -> str:
    ask, scan = (some["ask"][way][0] for way in ("tnskit, opened", "pandas, scan"))
    ours = _of(some["components"], "tnskit")
    rows = [
        ("components, times the bare scan", f"{ours / _of(some['components'], 'bare scan'):.2f}"),
        ("scored pairs, times our components", f"{_of(some['pairs'], 'tnskit, pairs') / ours:.2f}"),
        (
            "components with one value of up to a million accounts more, times without",
            f"{median(some['hub']['with']) / median(some['hub']['without']):.2f}",
        ),
        (
            "update with a hundredth of new rows, share of a rebuild",
            f"{_of(some['update'], 'update') / _of(some['update'], 'rebuild'):.2f}",
        ),
        ("two hops: open the folder and answer first, ms", f"{1_000 * ask.wall:.0f}"),
        ("two hops: median, ms", f"{1_000 * ask.answer['median']:.3f}"),
        ("two hops: 99 of 100 within, times the median", f"{ask.answer['p99'] / ask.answer['median']:.1f}"),
        ("two hops: pandas scan, times our median", f"{scan.answer['median'] / ask.answer['median']:,.0f}"),
    ]
    return "\n".join([f"| {accounts:,} accounts | |", "|---|---|", *(f"| {what} | {figure} |" for what, figure in rows)])


def write(text: str, found: Found) -> None:
    """Put the tables between the marks of `docs/speed.md`, and the plot beside the other pictures."""
    page = DOCS / "speed.md"
    before, _, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    page.write_text(f"{before}{BEGIN}\n\n{text}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    _plot(found, DOCS / "pictures" / "speed.png")


def _plot(found: Found, file: Path) -> None:
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    file.parent.mkdir(parents=True, exist_ok=True)
    figure, axes = plt.subplots(figsize=(8, 5), layout="constrained")
    ways = list(dict.fromkeys(way for some in found.values() for way in some["components"]))
    for way, mark in zip(ways, "xosv^D<>P*", strict=False):
        points = [(accounts, _of(some["components"], way)) for accounts, some in sorted(found.items()) if way in some["components"]]
        axes.plot(*zip(*points, strict=True), marker=mark, label=way, linewidth=2.5 if way == "tnskit" else 1)
    axes.set(xscale="log", yscale="log", xlabel="accounts", ylabel="CPU seconds", title="Parquet to connected components")
    axes.legend()
    axes.grid(alpha=0.3, which="both")
    figure.savefig(file, dpi=110, metadata={"Software": None})
