"""Checks of who may see or act on what."""
