"""Scan, unpack and judge a document."""
