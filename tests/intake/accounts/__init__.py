"""Checks of accounts, roles and passwords."""
