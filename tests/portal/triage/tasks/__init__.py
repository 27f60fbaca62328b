"""Tests of tasks on the pages: their cards, their ends, and whose they are."""
