"""The commands about case logs: `tnskit verify` and `tnskit replay`."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from tnskit.cleaning.market import load
from tnskit.errors import UsageError
from tnskit.review.cases import CaseLog
from tnskit.review.memo import read_record
from tnskit.review.replay import replay, settings_of
from tnskit.review.seals import verify

MOST_BYTES = 20_000_000
"""Size of a memo that is read. Assumption: one takes some 50,000."""


def add_verify(commands: Any) -> None:
    """Add `tnskit verify`."""
    command = commands.add_parser(
        "verify",
        help="look through a case log and name the first event that is not sound",
        description="Look through a case log and name the first event that was changed, inserted, removed, moved or cut off.",
        epilog="Example: tnskit verify cases.db --head 37:9f86d081884c7d65",
    )
    command.add_argument("log", metavar="LOG", help="the case log, such as cases.db")
    command.add_argument(
        "--head", metavar="SEAL", help="a head that was noted down or stands on a memo; only it shows what was cut off at the end"
    )
    command.add_argument("--json", action="store_true", help="print for machines")
    command.set_defaults(do=_verify)


def add_replay(commands: Any) -> None:
    """Add `tnskit replay`."""
    command = commands.add_parser(
        "replay",
        help="make the check of a memo again and say what differs",
        description="Make the check of a memo again from the exports, and say what differs.",
        epilog="Example: tnskit replay memo.html sample_data/market",
    )
    command.add_argument("memo", metavar="MEMO", help="the memo, .html or .md")
    command.add_argument("market", metavar="DIR", help="folder of exports, or one file")
    command.add_argument("--log", metavar="FILE", help="the case log, where the check knew one")
    command.add_argument("--rules", metavar="FILE", help="the rule table, where it was one of your own")
    command.add_argument("--mapping", metavar="FILE", help="TOML file that names your columns; DIR/mapping.toml is found by itself")
    command.add_argument("--json", action="store_true", help="print for machines")
    command.set_defaults(do=_replay)


def _verify(args: argparse.Namespace) -> int:
    found = verify(args.log, head=args.head)
    if args.json:
        print(json.dumps({"sound": found.sound, "events": found.events, "head": found.head, "event": found.event, "why": found.why}))
    else:
        print(found if not found.sound else f"{Path(args.log).name}: {found}")
    return 0 if found.sound else 1


def _replay(args: argparse.Namespace) -> int:
    file = Path(args.memo)
    if file.is_file() and file.stat().st_size > MOST_BYTES:
        raise UsageError(f"'{file.name}' is too large for a memo")
    record = read_record(file.read_text(encoding="utf-8", errors="replace"))
    if args.log is not None and not Path(args.log).is_file():
        raise UsageError(f"there is no case log '{Path(args.log).name}'")
    market = load(args.market, mapping=args.mapping, progress=sys.stderr.isatty(), **settings_of(record))
    # a replay writes nothing, so it does not matter who makes it
    log = CaseLog(args.log, by="replay") if args.log is not None else None
    found = replay(record, market, rule_file=args.rules, log=log)
    if args.json:
        told = {"same": found.same, "account": found.account, "pairs": found.pairs, "label": found.label, "differs": list(found.differs)}
        print(json.dumps(told, ensure_ascii=False))
    else:
        print(found)
    return 0 if found.same else 1
