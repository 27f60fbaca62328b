"""Check in a real browser what the page of a submission shows, asks and offers."""
