"""Real servers for the tests and the benches: IMAP, malware scanner, database and SMTP."""
