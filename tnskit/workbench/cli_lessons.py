"""The command about training: `tnskit lessons build`, `grade` and `check`."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys
from pathlib import Path
from typing import Any

from tnskit.errors import UsageError
from tnskit.training.casefile import read_case
from tnskit.training.cohort import FOR_TRAINEES, FOR_TRAINER, build_cohort, grade_cohort, read_cohort
from tnskit.training.lessons import answer_key, lesson
from tnskit.workbench.cohort_page import write_report
from tnskit.workbench.cohorts import leading, practice

PASSPHRASE = "TNSKIT_PASSPHRASE"
"""Where the passphrase is read from when nobody sits at the terminal."""


def add_lessons(commands: Any) -> None:
    """Add `tnskit lessons`."""
    command = commands.add_parser(
        "lessons",
        help="make exercises for trainees, mark what they hand in, check a case of your own",
        description="Make exercises for trainees, mark what they hand in, check a case of your own.",
        epilog="Example: tnskit lessons build cohort.toml --out spring; tnskit lessons grade spring",
    )
    what = command.add_subparsers(required=True, metavar="WHAT")
    made = what.add_parser("build", help="make the exercises of a cohort, and its sealed keys apart from them")
    made.add_argument("cohort", metavar="COHORT.toml", help="who is taught, and which cases")
    made.add_argument("--out", required=True, metavar="DIR", help="a new folder")
    made.set_defaults(do=_build)
    marked = what.add_parser("grade", help="mark the answers of a cohort and write its report; several folders are rounds, oldest first")
    marked.add_argument("folders", nargs="+", metavar="DIR", help="what build made")
    marked.add_argument("--json", action="store_true", help="print for machines")
    marked.set_defaults(do=_grade)
    own = what.add_parser("check", help="check a case of your own and make a lesson of it once")
    own.add_argument("case", metavar="CASE.toml", help="the case")
    own.set_defaults(do=_check)


def _passphrase(*, new: bool) -> str:
    told = os.environ.get(PASSPHRASE)
    if told is not None:
        return told
    if not sys.stdin.isatty():
        raise UsageError(f"the keys are sealed with a passphrase; type it at a terminal, or give it as {PASSPHRASE}")
    first = getpass.getpass("passphrase of the keys: ")
    if new and getpass.getpass("the same again: ") != first:
        raise UsageError("the two passphrases differ; nothing was made")
    return first


def _build(args: argparse.Namespace) -> int:
    made = build_cohort(
        args.cohort, args.out, passphrase=_passphrase(new=True), progress=sys.stderr.isatty(),
        notebook=practice,
    )  # fmt: skip
    (Path(args.out).expanduser() / FOR_TRAINER / "lead_a_training.ipynb").write_bytes(leading(read_cohort(args.cohort).lang))
    print(
        f"{made['exercises']} exercises for {made['trainees']} trainees: hand out the folders in {args.out}/{FOR_TRAINEES}, "
        f"keep {args.out}/{FOR_TRAINER}"
    )
    return 0


def _grade(args: argparse.Namespace) -> int:
    passphrase = _passphrase(new=False)
    rounds = [grade_cohort(folder, passphrase=passphrase, progress=sys.stderr.isatty()) for folder in args.folders]
    target = write_report(rounds, Path(args.folders[-1]).expanduser() / FOR_TRAINER / "report")
    report = rounds[-1]
    if args.json:
        mean = float(report.scores["total"].mean()) if len(report.scores) else None
        passed = float(report.scores["passed"].mean()) if len(report.scores) else None
        print(
            json.dumps(
                {"answers": len(report.scores), "waiting": len(report.waiting), "mean": mean, "passed": passed, "report": str(target)}
            )
        )
    else:
        print(f"{report}\nwritten to {target}")
    return 0


def _check(args: argparse.Namespace) -> int:
    case = read_case(Path(args.case))
    made = lesson(args.case, lang=next(iter(case.words)))
    key = answer_key(args.case, lang=next(iter(case.words)))
    ends = "nobody is sanctioned" if key.benign else f"{sum(one.guilty for one in key.accounts.values())} to be sanctioned"
    print(f"{case.code} can be taught: {len(made.accounts)} accounts to decide on, {ends}, {len(key.proofs)} pieces of evidence to find")
    return 0
