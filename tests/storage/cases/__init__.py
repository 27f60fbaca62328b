"""Checks of the queries of cases and of what belongs to them."""
