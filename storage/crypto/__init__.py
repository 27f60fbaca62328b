"""Keys and sealed columns."""
