"""Answers, questions, confirmations and links."""
