"""Practice on cases whose truth is known."""
