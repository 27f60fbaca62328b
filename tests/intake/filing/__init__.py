"""Checks of which case and queue a submission gets."""
