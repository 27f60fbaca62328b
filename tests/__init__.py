"""Checks of the whole project, in folders that mirror the packages."""
