"""Checks of the page of a case."""
