"""Checks of what is suggested about a document."""
