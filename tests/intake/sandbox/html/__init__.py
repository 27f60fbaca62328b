"""Checks of which format a document has and what is active in it."""
