"""Checks of webhook calls against whatever the other side does."""
