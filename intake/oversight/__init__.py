"""Statistics, exports, audit search, health and verification."""
