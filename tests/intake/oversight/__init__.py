"""Checks of statistics, exports, audit search, health and verification."""
