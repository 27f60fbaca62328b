"""Which format a document has, and what in it is active or broken."""
