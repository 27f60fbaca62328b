"""Checks of the queues and of the page of one submission."""
