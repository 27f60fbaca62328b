"""ZIP, tar and 7z, opened within limits."""
