"""Tests of the ends that a submission can have."""
