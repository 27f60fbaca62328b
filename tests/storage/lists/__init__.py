"""Checks of the queries of lists and of the search."""
