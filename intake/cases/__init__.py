"""A case: read, complete, consented, owned, dated."""
