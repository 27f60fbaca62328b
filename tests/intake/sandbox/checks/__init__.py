"""Checks of what the host accepts as an answer and what it refuses."""
