"""The lists of work on the pages."""
