"""Checks of ZIP, tar and 7z, whole and hostile."""
