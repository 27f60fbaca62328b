"""Serve a portal in which every page has something to show, and visit every page in every state."""
