"""Money as integer minor units (cents): read where it is one, otherwise refused with what would be right, never guessed.

`12.50` may be 12 dollars and 50 cents or a mistake, `1.250` is a thousand in São Paulo and little more than one in Austin; a
wrong guess is wrong by a hundred. So only whole numbers are read: `-1250`, `1250.0` (a frame's whole number), `(1250)` and
`1250-`, as accountants write what was taken away.
"""

from __future__ import annotations

_NUMBER = r"\d{1,18}(?:\.0)?"
WHOLE = rf"^[+-]?{_NUMBER}$"
_TAKEN = rf"^\({_NUMBER}\)$|^{_NUMBER}-$"


def value(cell: str) -> str:
    """Give SQL that reads a cell of text as minor units, or as NULL."""
    # other dashes than that of the keyboard
    dashed = f"regexp_replace({cell}, '^[−–]', '-')"
    number = f"regexp_extract({cell}, '\\d+')::BIGINT"
    return (
        f"CASE WHEN regexp_matches({cell}, '{_TAKEN}') THEN -{number} "
        f"WHEN regexp_matches({dashed}, '{WHOLE}') THEN CASE WHEN {dashed}[1] = '-' THEN -{number} ELSE {number} END END"
    )


def fault(cell: str) -> str:
    """Give SQL that says why `value` read nothing from a cell."""
    return (
        f"CASE WHEN regexp_matches({cell}, '^\\D*\\d{{1,3}}(,\\d{{3}})+\\D*$') "
        "THEN 'an amount with marks between thousands; export whole minor units without them (125000 for 1,250.00)' "
        f"WHEN regexp_matches({cell}, '\\d[.,]\\d') AND regexp_matches({cell}, '[$€£R¢]|[A-Za-z]{{3}}') "
        "THEN 'an amount with decimals and a currency sign; export whole minor units (1250 for 12.50) and the currency in its own column' "
        f"WHEN regexp_matches({cell}, '\\d[.,]\\d') "
        "THEN 'an amount with decimals; export whole minor units (1250 for 12.50)' "
        f"WHEN regexp_matches({cell}, '\\d') AND regexp_matches({cell}, '[^\\d\\s+-]') "
        "THEN 'an amount with a sign or word beside the number; export whole minor units and the currency in its own column' "
        "ELSE 'not a whole number of minor units' END"
    )
