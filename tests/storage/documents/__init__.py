"""Checks of the queries of documents."""
