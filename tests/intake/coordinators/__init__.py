"""Checks of what a coordinator sees of what was sent."""
