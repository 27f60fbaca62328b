"""Checks of assignment, bulk actions, due times and search."""
