"""Checks of what came in and waits."""
