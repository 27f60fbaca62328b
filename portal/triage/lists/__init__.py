"""The lists of work: rows in words, the rail beside them, one act on several items."""
