"""Read HTML as text, its links and pictures, and what a page would do."""
