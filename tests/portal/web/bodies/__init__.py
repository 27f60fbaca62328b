"""Checks of what the bodies of requests may hold."""
