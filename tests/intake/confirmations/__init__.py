"""Checks of signed receipts and confirmations."""
