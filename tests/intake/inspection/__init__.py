"""Checks of how a document is scanned, unpacked and judged."""
