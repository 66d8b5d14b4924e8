"""People decide."""
