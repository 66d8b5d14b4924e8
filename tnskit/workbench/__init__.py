"""What the hands touch."""
