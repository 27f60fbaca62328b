"""Check the pages of applicants."""
