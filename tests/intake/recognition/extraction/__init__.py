"""Checks of which values are found in a text."""
