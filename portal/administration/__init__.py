"""Accounts, editions, statistics, oversight."""
