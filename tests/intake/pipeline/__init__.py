"""Checks of the worker's steps and of what it does when one fails."""
