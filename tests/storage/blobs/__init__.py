"""Checks of encrypted files in a folder and in a bucket."""
