"""Checks of the duty list, of warnings before a due time, and of webhook calls."""
