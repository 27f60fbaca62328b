"""Checks of the rules and use cases, room by room."""
