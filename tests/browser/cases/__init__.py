"""Checks of the pages of cases in a real browser."""
