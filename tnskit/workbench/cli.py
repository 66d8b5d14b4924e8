"""The command line: `tnskit COMMAND`.

Exit 0: done; 1: a finding (rows set aside over a limit, a raw identifier, a broken seal, a check that differs); 2: wrong use.
Errors are one line on stderr.
"""

from __future__ import annotations

import argparse
import json
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, TextIO

import pandas as pd

from tnskit.cleaning.doctor import propose
from tnskit.cleaning.keys import keys as read_keys
from tnskit.cleaning.keys import new_key
from tnskit.cleaning.known import known
from tnskit.cleaning.mapping import FILE
from tnskit.cleaning.market import Market, load
from tnskit.errors import TnskitError, UsageError
from tnskit.evidence.links import Links, link
from tnskit.evidence.rules import LABELS
from tnskit.findings.chains import chains
from tnskit.findings.graph import graph
from tnskit.findings.rings import rings
from tnskit.findings.timeline import timeline
from tnskit.review.precheck import precheck
from tnskit.training.sample import write_sample
from tnskit.workbench.cli_cases import add_replay, add_verify
from tnskit.workbench.cli_lessons import add_lessons
from tnskit.workbench.cli_notebooks import add_app, add_lab, add_run
from tnskit.workbench.export import export, whole
from tnskit.workbench.notebooks import templates
from tnskit.workbench.pages import check_page
from tnskit.workbench.scan import scan

REJECTED = 0.1
"""Share of rows set aside from which `tnskit link` ends with 1. Assumption: dirty exports lose 5 to 8 %."""


def main(argv: list[str] | None = None) -> int:
    """Run one command and give its exit status."""
    args = parser().parse_args(argv)
    try:
        return int(args.do(args))
    except TnskitError as problem:
        print(f"tnskit: {problem}", file=sys.stderr)
    except OSError as problem:
        print(f"tnskit: '{problem.filename}' cannot be read or written: {problem.strerror}", file=sys.stderr)
    except KeyboardInterrupt:
        print("tnskit: stopped; nothing half-written was left", file=sys.stderr)
    return 2


def parser() -> argparse.ArgumentParser:
    """The commands with their help; `docs/commands.md` is tested against it."""
    top = argparse.ArgumentParser(prog="tnskit", description="Find out whether accounts belong together, and what speaks against it.")
    top.add_argument("--version", action="version", version=f"tnskit {metadata.version('tnskit')}")
    commands = top.add_subparsers(required=True, metavar="COMMAND")
    for add in (
        add_lab,
        add_run,
        add_app,
        _add_check,
        _add_link,
        _add_rings,
        _add_doctor,
        _add_scan,
        _add_key,
        _add_sample,
        add_lessons,
        add_verify,
        add_replay,
    ):
        add(commands)
    return top


def _command(commands: Any, name: str, help_: str, example: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(
        name, help=help_, description=help_[0].upper() + help_[1:] + ".", epilog=f"Example: {example}"
    )
    return made


def _reading(command: argparse.ArgumentParser) -> None:
    command.add_argument("market", metavar="DIR", help="folder of exports, one file, or a database")
    command.add_argument(
        "--mapping",
        metavar="FILE",
        help="TOML file that names your columns; DIR/mapping.toml is found by itself",
    )
    command.add_argument("--tz", help="zone of times without an offset, for example America/Chicago")
    command.add_argument("--region", default="US", help="country of phones and addresses that tell none (default: US)")
    command.add_argument("--memory", help="most memory that the tables may take, for example 4GB (default: four fifths of all)")
    command.add_argument("--most", type=int, default=50, help="set identifiers of more accounts aside (default: 50)")
    command.add_argument("--json", action="store_true", help="print for machines")


def _add_check(commands: Any) -> None:
    command = _command(
        commands,
        "check",
        "check an account before it is removed",
        "tnskit check sample_data/market A1042 --out check.html",
    )
    _reading(command)
    command.add_argument("account", metavar="ACCOUNT", help="the account that somebody wants to remove")
    command.add_argument("--out", metavar="FILE", help="save as one .html page")
    command.add_argument("--now", help="judge open jobs as of this moment (default: the day of the export)")
    command.add_argument("--reads", default="en", help="languages the reviewer reads, for example en,es (default: en)")
    command.add_argument("--together", default="", metavar="A,B", help="other accounts that the same proposal would remove")
    command.set_defaults(do=_check)


def _add_link(commands: Any) -> None:
    command = _command(
        commands,
        "link",
        "link the accounts of a market and write the pairs",
        "tnskit link exports --out links",
    )
    _reading(command)
    command.add_argument(
        "--out",
        required=True,
        metavar="DIR",
        help="folder for pairs.parquet, crowded.parquet and rejected.csv",
    )
    command.add_argument(
        "--limit",
        type=float,
        default=REJECTED,
        help="share of rows set aside that ends with 1 (default: 0.1)",
    )
    command.set_defaults(do=_link)


def _add_rings(commands: Any) -> None:
    command = _command(
        commands,
        "rings",
        "list the groups that hang together",
        "tnskit rings sample_data/market --out rings.csv",
    )
    _reading(command)
    command.add_argument(
        "--label",
        default="strong",
        choices=LABELS[1:],
        help="weakest link that holds a ring (default: strong)",
    )
    command.add_argument("--chains", action="store_true", help="list chains of single different things instead, which make no ring")
    command.add_argument("--out", metavar="FILE", help="save as .csv, .xlsx, .json or .html")
    command.set_defaults(do=_rings)


def _add_doctor(commands: Any) -> None:
    command = _command(
        commands,
        "doctor",
        "say what is installed, or propose how to read a folder of exports",
        "tnskit doctor my-exports",
    )
    command.add_argument("market", metavar="DIR", nargs="?", help="folder of exports, one file, or a database")
    command.add_argument("--tz", help="zone of times without an offset, for example America/Chicago")
    command.add_argument("--region", default="US", help="country of phones and addresses that tell none (default: US)")
    command.add_argument("--write", action="store_true", help="write the proposal to DIR/mapping.toml; never over a file that is there")
    command.add_argument("--out", metavar="FILE", help="write the proposal to another file; never over one that is there")
    command.set_defaults(do=_doctor)


def _add_scan(commands: Any) -> None:
    command = _command(
        commands,
        "scan",
        "look for raw identifiers in saved notebooks and exports, or put masks in their place",
        "tnskit scan case.ipynb --clean",
    )
    command.add_argument("files", metavar="NOTEBOOK", nargs="+", help="notebooks, pages, tables, text files, or folders of them")
    command.add_argument("--clean", action="store_true", help="write a masked copy NAME.clean.ENDING beside each file with a finding")
    command.add_argument("--in-place", action="store_true", help="mask in the file itself")
    command.add_argument("--market", metavar="DIR", help="look for the values of these exports too: names, devices, every kind")
    command.add_argument("--mapping", metavar="FILE", help="TOML file that names the columns of the exports")
    command.add_argument("--tz", default="UTC", help="zone of their times without an offset (default: UTC; it does not matter here)")
    command.add_argument("--region", default="US", help="country of their phones that tell none (default: US)")
    command.add_argument("--json", action="store_true", help="print for machines")
    command.set_defaults(do=_scan)


def _add_key(commands: Any) -> None:
    command = _command(
        commands,
        "key",
        "make the secret key of keyed tokens, or say which keys there are",
        "tnskit key new",
    )
    command.add_argument(
        "what", choices=["new", "list"], help="new: make one and take it into use; list: name those there are, the one in use first"
    )
    command.add_argument("--keyring", action="store_true", help="keep it in the system's keyring, not in a file")
    command.set_defaults(do=_key)


def _add_sample(commands: Any) -> None:
    command = _command(
        commands,
        "sample",
        "make up a market whose truth is known",
        "tnskit sample --accounts 5000 --seed 3 --out my-market",
    )
    command.add_argument("--accounts", type=int, default=2_000, help="number of accounts (default: 2000)")
    command.add_argument("--seed", type=int, default=1, help="another seed, another market (default: 1)")
    command.add_argument("--out", required=True, metavar="DIR", help="folder for the tables")
    command.add_argument("--truth", metavar="DIR", help="folder for the truth (default: DIR-truth, beside it)")
    command.set_defaults(do=_sample)


def _loaded(args: argparse.Namespace) -> tuple[Market, Links]:
    progress = sys.stderr.isatty()
    market = load(args.market, mapping=args.mapping, tz=args.tz, region=args.region, progress=progress, memory=args.memory)
    return market, link(market, most=args.most, progress=progress)


def _check(args: argparse.Namespace) -> int:
    if args.out and not args.out.lower().endswith((".html", ".htm")):
        raise UsageError(f"--out {args.out} should end in .html")
    market, links = _loaded(args)
    others = [name.strip() for name in args.together.split(",") if name.strip()]
    check = precheck(market, links, args.account, now=args.now, reads=tuple(args.reads.split(",")), together=others)
    if args.out:
        near = graph(links, check.account, hops=1, label="possible", most=60)
        names = [check.account, *([check.basis.b] if check.basis else [])]
        whole(Path(args.out), check_page(check, near, timeline(market, names)).encode())
    if args.json:
        told = {"account": check.account, "verdict": check.verdict, "stops": check.stops.to_dict("records"),
                "against": check.against.to_dict("records"), "collateral": check.collateral.to_dict("records")}  # fmt: skip
        print(json.dumps(told, ensure_ascii=False, default=str))
    else:
        print(check)
    return 0


def _link(args: argparse.Namespace) -> int:
    market, links = _loaded(args)
    folder = links.write(args.out)
    market.rejected.to_csv(folder / "rejected.csv", index=False)
    kept, came = int(market.report.tables["kept"].sum()), int(market.report.tables["rows_in"].sum())
    if args.json:
        labels = links.pairs["label"].value_counts().to_dict()
        print(json.dumps({"accounts": len(market), "rows_in": came, "kept": kept, "pairs": labels, "out": str(folder)}))
    else:
        print(f"{market.report}\n{links}\nwritten to {folder}")
    return 1 if came and (came - kept) / came > args.limit else 0


def _rings(args: argparse.Namespace) -> int:
    _, links = _loaded(args)
    found = chains(links) if args.chains else rings(links, label=args.label)
    if args.out:
        export(found, args.out)
    if args.json:
        print(found.to_json(orient="records", force_ascii=False))
    elif args.chains:
        told = "\n".join(f"{row.chain_id}  {row.told}; {row.removed} removed" for row in found.itertuples())
        print(told or "No chain: nobody shares one thing with one account and another thing with the next.")
    elif found.empty:
        print(f"No ring: no accounts hang together by links from '{args.label}' up that are not more likely innocent.")
    else:
        listed = found.assign(accounts=found["accounts"].map(lambda names: " ".join(names[:5]) + (" ..." if len(names) > 5 else "")))
        with pd.option_context("display.width", 200, "display.max_colwidth", 60, "display.max_rows", None):
            print(listed[["ring_id", "size", "score", "label", "bridge", "accounts"]].to_string(index=False))
    return 0


def _doctor(args: argparse.Namespace) -> int:
    if args.market is None:
        names = (
            "tnskit",
            "jupyterlab",
            "pandas",
            "networkx",
            "duckdb",
            "phonenumbers",
            "ipywidgets",
            "matplotlib",
            "papermill",
        )
        print(f"Python {sys.version.split()[0]}")
        print("\n".join(f"{name} {metadata.version(name)}" for name in names))
        print(f"templates: {', '.join(sorted(templates()))}")
        return 0
    if args.write and not Path(args.market).is_dir():
        raise UsageError("--write puts mapping.toml into the folder of exports; for anything else give --out FILE")
    proposal = propose(args.market, tz=args.tz, region=args.region, progress=sys.stderr.isatty())
    print(proposal)
    for target in [Path(args.market) / FILE] * args.write + [Path(args.out)] * bool(args.out):
        if not proposal.toml:
            print("nothing to write: these exports need no mapping, or none can be proposed")
        else:
            with _new(target) as file:
                file.write(proposal.toml)
            print(f"written to {target}; read it before you use it")
    return 0


def _new(target: Path) -> TextIO:
    try:
        return target.open("x", encoding="utf-8")
    except FileExistsError:
        raise UsageError(f"'{target}' is there already and is never overwritten; move it away first, or give --out FILE") from None


def _scan(args: argparse.Namespace) -> int:
    values = known(load(args.market, mapping=args.mapping, tz=args.tz, region=args.region)) if args.market else None
    told = scan(args.files, clean=args.clean, in_place=args.in_place, known=values, progress=sys.stderr.isatty())
    if args.json:
        found = [{"file": one.file, "where": one.where, "kind": one.kind} for one in told.found]
        left = [{"file": one.file, "where": one.where, "kind": one.kind} for one in told.left]
        unread = [{"file": name, "why": why} for name, why in told.unread]
        written = [str(path) for path in told.written]
        print(json.dumps({"files": told.files, "found": found, "not_searched": unread, "written": written, "left": left}))
    else:
        print(told)
    return 1 if told.found else 0


def _key(args: argparse.Namespace) -> int:
    if args.what == "new":
        made = new_key(keyring=args.keyring)
        print(f"the key {made.id} is in use from now on; older ones are kept to read what they made")
        return 0
    for place, one in enumerate(read_keys()):
        print(one.id, "in use" if place == 0 else "kept to read older tokens")
    return 0


def _sample(args: argparse.Namespace) -> int:
    truth = args.truth or f"{str(args.out).rstrip('/')}-truth"
    rows = write_sample(args.out, truth, accounts=args.accounts, seed=args.seed, progress=sys.stderr.isatty())
    print(f"{sum(rows.values()):,} rows in {len(rows)} tables written to {args.out}; the truth is in {truth}")
    return 0
