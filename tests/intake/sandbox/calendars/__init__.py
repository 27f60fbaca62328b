"""Check how calendar files are read."""
