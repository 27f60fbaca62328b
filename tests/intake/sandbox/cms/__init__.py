"""Checks of how signatures of mail are read and checked."""
