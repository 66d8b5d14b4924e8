"""Markets by somebody else, who had seen neither a rule of ours nor another make.

`make(seed, accounts, **shape)` gives the tables, the truth and the innocents; the same seed, size and shape give the same market.

**Truth** is one row an account: `account_id`, `person_id`, `abuser`, `ring`, `country`. Two accounts belong together if their `person_id`
is the same. A ring is all accounts of one abuser or of one crew; the members of a crew are different persons, and a pair of two of them is
neither a true pair nor an innocent one. An honest second account has no ring and is a true pair. A rented account belongs to its operator.

**Innocents** are pairs of innocent accounts of different people who share a clean value that this export shows, with the reason; namesakes
share a name and a birth year. Large places are sampled: 120 pairs a group, for networks a few an address.

**Where**: `world` is what a market is kept in and mints what people carry, `people` is ordinary life, `places` what is shared there,
`crooks` those who break rules, story by story. `activity` and `aftermath` tell what happens, `tables` what accounts hold, `truth` the
answer beside them; `dirt` spoils the tables as exports are spoiled. `market` puts it together; `shapes` are its settings.
"""

from benchmarks.quality.outsiders.market import make
from benchmarks.quality.outsiders.shapes import LEAST, SHAPES

__all__ = ["LEAST", "SHAPES", "make"]
