"""Checks of the pages that open with a written reason what is not one's own."""
