"""Checks of the sandbox as the host meets it."""
