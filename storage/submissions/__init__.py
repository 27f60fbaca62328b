"""What came in and waits."""
