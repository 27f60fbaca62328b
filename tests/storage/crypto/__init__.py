"""Checks of keys and sealed columns."""
