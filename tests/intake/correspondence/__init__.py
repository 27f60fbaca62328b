"""Checks of what the office and coordinators write to each other."""
