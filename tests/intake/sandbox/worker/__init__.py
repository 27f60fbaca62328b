"""Checks of the process inside a jail."""
