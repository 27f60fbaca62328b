"""The lists of work: their rows in words, the rail beside them, and one act on several items."""
