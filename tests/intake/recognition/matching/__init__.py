"""Checks of when two documents are taken to speak of one person."""
