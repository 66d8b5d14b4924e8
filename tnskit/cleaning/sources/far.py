"""Folders on object storage: the same path as on this machine, of whose files only the pieces that are asked for cross the wire."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tnskit.cleaning.headings import shown
from tnskit.errors import TnskitError, UsageError

_MISSING = "'{scheme}://' needs a package that is not installed: pip install 'tnskit[cloud]' for s3://, gcsfs for gs://, adlfs for az://"

# what is read ahead of a question would be most of what crosses the wire
_OPTIONS: dict[str, dict[str, Any]] = {"s3": {"default_cache_type": "none"}}

P = ParamSpec("P")
R = TypeVar("R")


def place(folder: str | Path) -> Any:
    """Give the path of a folder, on this machine or where a URL such as `s3://bucket/links` points.

    Raises:
        UsageError: The package that reads such a URL is not installed, or there is none.
    """
    scheme, mark, _ = str(folder).partition("://")
    if not mark:
        return Path(folder)
    try:
        from upath import UPath

        found = UPath(str(folder), **_OPTIONS.get(scheme, {}))
        # made now, so that a package it lacks is told here
        found.fs  # noqa: B018
        return found
    except ImportError:
        raise UsageError(_MISSING.format(scheme=scheme[:10])) from None
    except ValueError:
        raise UsageError(f"'{scheme[:10]}://' is no address that can be read; they begin with s3://, gs://, az:// or https://") from None


def _forget(scheme: str) -> None:
    """Let go of the connections that are kept for the next time: whoever has the right keys by then is to be let in."""
    try:
        from fsspec import get_filesystem_class

        get_filesystem_class(scheme).clear_instance_cache()
    except (ImportError, ValueError):
        return


def is_far(path: Any) -> bool:
    """Tell whether a path leads off this machine."""
    return not isinstance(path, Path)


def reached(fault: type[TnskitError]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Say in one sentence what keeps a far folder from being read; those who keep it have a hundred kinds of error."""

    def telling(read: Callable[P, R]) -> Callable[P, R]:
        @wraps(read)
        def reading(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return read(*args, **kwargs)
            except TnskitError:
                raise
            except Exception as problem:
                if "://" not in str(args[0]):
                    raise
                _forget(str(args[0]).partition("://")[0])
                name, kind = shown(str(args[0]).rstrip("/").rsplit("/", 1)[-1]), type(problem).__name__
            raise fault(f"'{name}' cannot be reached where it lies ({kind}); see whether the address is right and you may read there")

        return reading

    return telling
