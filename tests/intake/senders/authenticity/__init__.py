"""Checks of our own DKIM and DMARC verdict."""
