"""Checks of the pixels and text of pages."""
