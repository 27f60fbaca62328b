"""The process in the jail: it loads the parsers once and forks a child for each request."""
