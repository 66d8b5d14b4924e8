"""Words as people type them, made comparable."""

from __future__ import annotations

import re
import unicodedata


def plain(text: str, *, keep: str = "") -> str:
    """Give `text` in lower case without accents, with everything but letters, digits and `keep` as a space."""
    folded = unicodedata.normalize("NFKD", text[:500]).casefold()
    bare = "".join(c for c in folded if not unicodedata.combining(c) and unicodedata.category(c) != "Cf")
    return re.sub(r"\s+", " ", re.sub(rf"[^\w\s{re.escape(keep)}]|_", " ", bare)).strip()
