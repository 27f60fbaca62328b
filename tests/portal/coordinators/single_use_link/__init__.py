"""Checks of sending documents by a single-use link."""
