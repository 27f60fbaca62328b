"""Queries of lists and of the search."""
