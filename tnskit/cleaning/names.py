"""Names of people and firms, made comparable."""

from __future__ import annotations

import re
import unicodedata

_TITLES = {"mr", "mrs", "ms", "dr", "sr", "sra", "srta", "jr", "ii", "iii", "the"}
_PARTICLES = {"de", "da", "do", "dos", "das", "del", "la", "las", "los", "y", "e", "van", "von", "di"}
_FIRM = {"llc", "inc", "corp", "co", "ltd", "ltda", "sa", "me", "company", "services", "service"}


def plain(text: str, *, keep: str = "") -> str:
    """Give `text` in lower case without accents, with everything but letters, digits and `keep` as a space."""
    folded = unicodedata.normalize("NFKD", text[:500]).casefold()
    bare = "".join(c for c in folded if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", re.sub(rf"[^\w\s{re.escape(keep)}]|_", " ", bare)).strip()


def tokens(name: str) -> str:
    """Give the words of a name that tell one from another: sorted, without titles, particles and legal forms."""
    words = plain(name).split()
    kept = [w for w in words if w not in _TITLES | _PARTICLES | _FIRM]
    return " ".join(sorted(kept or words))
