"""How codes, times and untrusted text read on a page."""
