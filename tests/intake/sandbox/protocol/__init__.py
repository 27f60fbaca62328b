"""Checks of the values and frames that both sides exchange."""
