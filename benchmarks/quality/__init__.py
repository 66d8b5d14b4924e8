"""How well links tell people apart, beside what others write."""
