"""Checks of answers, questions, confirmations and links."""
