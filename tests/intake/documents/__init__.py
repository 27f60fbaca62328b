"""Checks of what a reader sees of a document and may do about a held one."""
