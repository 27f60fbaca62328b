"""Checks of the viewer and the quarantine."""
