"""Pixels and text of pages."""
