"""Checks of who is written to, when, and with which words."""
