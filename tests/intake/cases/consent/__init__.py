"""Tests of what a case without a consent may do."""
