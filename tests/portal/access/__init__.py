"""Checks of every page against every role."""
