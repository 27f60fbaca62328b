"""Which pieces of work a user may take, do, or open again."""
