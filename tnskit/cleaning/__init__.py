"""Raw exports in, clean and masked tables out."""
