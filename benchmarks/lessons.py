"""Whether a lesson can be passed without judgment: answers that a script gives, and rules that are simpler than the evidence.

    python -m benchmarks.lessons --seeds 20 --first 1000

Twelve cases of each seed, in the three languages by turns, under a secret. The tests do the same on fewer seeds; take seeds here
that nobody has looked at. A table of passes, then how well each simple rule tells the guilty (0.5 is chance; 0.05 away from it is
the bound).
"""

from __future__ import annotations

import argparse
from concurrent.futures import ProcessPoolExecutor
from itertools import product

import numpy as np
import pandas as pd

from tests.training.answers import at_random, everybody_removed, no_action, perfect
from tests.training.leaks import auc, inside, learned, simple_rules
from tnskit.review.wording import LANGUAGES
from tnskit.training.casefile import known_cases
from tnskit.training.grading import grade
from tnskit.training.lessons import make

SECRET = b"lessons that nobody has looked at"
BOUND = 0.05


def tried(todo: tuple[str, int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make one lesson; give a row an answer (`case`, `answer`, `right`: as it should be) and what simple rules say of its accounts."""
    code, seed, guesses = todo
    lesson, key = make(code, seed=seed, lang=LANGUAGES[seed % len(LANGUAGES)], secret=SECRET)
    rng = np.random.default_rng([seed, int(code[1:])])
    rows = [(code, "perfect gets 100", grade(lesson, perfect(key), key).total == 100)]
    if key.benign:
        rows.append((code, "remove everyone fails", not grade(lesson, everybody_removed(key), key).passed))
    if any(truth.acts for truth in key.accounts.values()):
        rows.append((code, "no action fails", not grade(lesson, no_action(key), key).passed))
    rows += [(code, "random fails", not grade(lesson, at_random(lesson, rng), key).passed) for _ in range(guesses)]
    guilty = [key.accounts[account].guilty for account in lesson.accounts]
    return pd.DataFrame(rows, columns=["case", "answer", "right"]), simple_rules(lesson).assign(guilty=guilty)


def main() -> None:
    """Run it once and print both tables."""
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--seeds", type=int, default=20, help="markets of each case")
    told.add_argument("--first", type=int, default=1000, help="the first seed")
    told.add_argument("--guesses", type=int, default=10, help="random answers to each lesson")
    told.add_argument("--workers", type=int, default=2)
    asked = told.parse_args()
    todo = product(known_cases(), range(asked.first, asked.first + asked.seeds), [asked.guesses])
    with ProcessPoolExecutor(asked.workers) as workers:
        answers, rules = zip(*workers.map(tried, todo, chunksize=4), strict=True)
    table = pd.concat(answers).groupby("answer")["right"].agg(["sum", "size"])
    print(table.rename(columns={"sum": "as it should be", "size": "answers"}).to_string(), "\n")
    mixed = [one for one in rules if 0 < one["guilty"].sum() < len(one)]
    whole = pd.concat(mixed)
    guilty = whole["guilty"].to_numpy(dtype=bool)
    within = inside(mixed)
    over = {rule: auc(whole[rule].to_numpy(dtype=float), guilty) for rule in within}
    leaks = pd.DataFrame({"inside a lesson": within, "over all lessons": over})
    far = (leaks - 0.5).abs().max(axis=1)
    past = int((far > BOUND).sum())
    print(f"{len(leaks)} simple rules on {len(mixed)} lessons of guilty and innocent; {past} past the bound; the farthest:")
    print(leaks.loc[far.sort_values(ascending=False).index[:5]].round(3).to_string())
    print(f"the best sum of all, learned on half of the lessons: {learned(mixed):.3f}")


if __name__ == "__main__":
    main()
