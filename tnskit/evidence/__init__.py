"""Who shares what, and what that proves."""
