"""Check what is known of a referral on its page: told, read, asked about, and in words."""
