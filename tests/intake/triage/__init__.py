"""Checks of what an officer sees of a submission and decides about it."""
