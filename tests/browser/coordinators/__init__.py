"""Checks of coordinators' pages in a real browser."""
