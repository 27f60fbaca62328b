"""Queues and one submission, for officers."""
