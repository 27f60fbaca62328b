"""Checks of page images and of the rebuilt PDF."""
