"""Whose cases are whose, and which have nobody who can act on them."""
