"""Checks of the pages that set up and ask for a second factor."""
