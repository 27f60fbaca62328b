"""Checks of settings, references, the office clock and other shared rules."""
