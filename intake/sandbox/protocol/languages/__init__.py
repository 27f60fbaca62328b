"""Tell by letters which languages a text may be in, and which it is not in."""
