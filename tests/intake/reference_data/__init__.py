"""Checks of editions, checklists and document types."""
