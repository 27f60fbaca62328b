"""Which format a document has, and what is active in it."""
