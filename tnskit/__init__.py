"""tnskit finds out whether accounts belong together, why, and what speaks against it."""

__version__ = "0.1.0"
__all__ = ["__version__"]
