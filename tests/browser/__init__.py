"""Checks of the pages in a real browser."""
