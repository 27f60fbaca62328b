"""Checks of what a letter says in so many words: danger, urgency, and what is not for us."""
