"""Tests of what says that it cannot wait."""
