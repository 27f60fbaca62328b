"""Office formats, read for what they do."""
