"""Tests of our own check of who signed a message."""
