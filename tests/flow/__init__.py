"""Checks of the whole way of a mail, with every process running."""
