"""Read calendar files: what they say, in which form, and what they would do elsewhere."""
