"""Every error that tnskit raises on purpose.

    TnskitError
    ├── SourceError (ValueError)      a file, folder or frame that cannot be read as an export
    ├── TableError (ValueError)       a table that lacks a column, or holds what it must not hold
    ├── UnknownAccountError (LookupError)   an account that is not in this market
    ├── UsageError (ValueError)       a keyword, name or figure that a function does not take
    ├── RuleError (ValueError)        a line of rules.toml that is incomplete
    ├── EngineError (RuntimeError)    a step of the linking that failed
    ├── StoreError (ValueError)       a folder of saved links that is damaged, or older than what it was made from
    ├── RunError (RuntimeError)       a template that stopped before its end
    ├── WordingError (ValueError)     a folder of wording that lacks something
    ├── LetterError (ValueError)      a letter that may not be sent
    ├── DisputeError (ValueError)     a step that a dispute does not take
    ├── KeyMissingError (LookupError) a token was asked for and there is no key to make it with
    ├── RevealError (RuntimeError)    a raw value was asked for and could not be written down as shown
    ├── LogError (RuntimeError)       a case log that cannot be opened, read or written
    │   └── SealError                 an event of a case log that does not match its seal
    ├── WordsError (ValueError)       free text that is empty, too long, or holds a raw identifier
    ├── UnknownCaseError (LookupError)   a case that is not in this log
    └── CaseError (RuntimeError)      a step that a case does not take as it stands
        ├── SamePersonError           a step that needs another person
        ├── AuthorityError            a step that is for somebody in another role
        ├── BlindError                something that is read only after an own reading or verdict was written
        └── StopError                 a removal while a stop is open

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


class WordingError(TnskitError, ValueError):
    """A folder of wording lacks something, or a letter in it has a blank that does not exist."""


class LetterError(TnskitError, ValueError):
    """A letter may not be sent as it stands."""


class LessonError(TnskitError, ValueError):
    """A case example, an answer, a key or a cohort cannot be used as it stands."""


class DisputeError(TnskitError, ValueError):
    """A dispute does not take this step, or not with these words."""


class LogError(TnskitError, RuntimeError):
    """A case log cannot be opened, read or written."""


class SealError(LogError):
    """An event of a case log does not match its seal.

    Attributes:
        event: The number of the first event that is not sound; None where the file itself is damaged.
    """

    def __init__(self, message: str, event: int | None = None) -> None:
        super().__init__(message)
        self.event = event


class WordsError(TnskitError, ValueError):
    """Free text is empty, too long, or holds a raw identifier."""


class UnknownCaseError(TnskitError, LookupError):
    """A case is not in this log."""


class CaseError(TnskitError, RuntimeError):
    """A case does not take this step as it stands."""


class SamePersonError(CaseError):
    """A step needs a person who had no part in what it decides about."""


class AuthorityError(CaseError):
    """A step is for somebody in another role, or for somebody without an interest in the case."""


class BlindError(CaseError):
    """Something is read only after one's own reading or verdict was written."""


class StopError(CaseError):
    """A removal is stopped."""


class KeyMissingError(TnskitError, LookupError):
    """A keyed token was asked for, and there is no key."""


class RevealError(TnskitError, RuntimeError):
    """A raw value was asked for and is not shown, because nothing durable says who saw it and why."""
