"""Checks of what Office files are found to do."""
