"""Checks of the pages, room by room."""
