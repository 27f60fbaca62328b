"""Scan a document, unpack what it holds and judge the whole."""
