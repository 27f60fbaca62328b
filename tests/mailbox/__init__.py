"""Checks of mail in and mail out, on a real Dovecot and a real SMTP sink."""
