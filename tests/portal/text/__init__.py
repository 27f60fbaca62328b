"""Checks of how codes, times and untrusted text read on a page."""
