"""Checks of what a case holds, lacks and allows."""
