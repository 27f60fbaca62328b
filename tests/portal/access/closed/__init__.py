"""Checks that what a closed document says is closed with it, at every address."""
