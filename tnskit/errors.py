"""Every error that tnskit raises on purpose.

    TnskitError
    ├── SourceError (ValueError)      a file, folder or frame that cannot be read as an export
    ├── TableError (ValueError)       a table that lacks a column, or holds what it must not hold
    ├── UnknownAccountError (LookupError)   an account that is not in this market
    ├── UsageError (ValueError)       a keyword, name or figure that a function does not take
    ├── RuleError (ValueError)        a line of rules.toml that is incomplete
    ├── EngineError (RuntimeError)    a step of the linking that failed
    ├── StoreError (ValueError)       a folder of saved links that is damaged, or older than what it was made from
    └── RunError (RuntimeError)       a template that stopped before its end

A message says what is wrong, where, and what would be right, in one sentence, and never holds a raw identifier.
"""

from __future__ import annotations


class TnskitError(Exception):
    """Anything that tnskit refuses; `except TnskitError` catches them all."""


class SourceError(TnskitError, ValueError):
    """A file, folder or frame cannot be read as an export."""


class TableError(TnskitError, ValueError):
    """A table lacks a column, or holds what it must not hold."""


class UnknownAccountError(TnskitError, LookupError):
    """An account is not in this market."""


class UsageError(TnskitError, ValueError):
    """A function was asked for something that it does not take."""


class RuleError(TnskitError, ValueError):
    """A line of the rule table is incomplete or contradicts another."""


class StoreError(TnskitError, ValueError):
    """A folder of saved links is damaged, or older than what it was made from."""


class RunError(TnskitError, RuntimeError):
    """A template stopped before its end; what ran until then is saved."""


class EngineError(TnskitError, RuntimeError):
    """A step of the linking failed inside the engine."""
