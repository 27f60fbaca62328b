"""Checks of accounts, editions, statistics and exports."""
