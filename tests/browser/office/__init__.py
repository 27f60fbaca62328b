"""Check the pages of the office's data in a real browser."""
