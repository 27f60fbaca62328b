"""Checks of which document type a text is given."""
