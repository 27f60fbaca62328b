"""Finishing without a case, on the pages."""
