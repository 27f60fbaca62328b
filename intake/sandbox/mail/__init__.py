"""Messages: RFC 5322, MIME, delivery reports and DKIM."""
