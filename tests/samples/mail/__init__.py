"""Sample mails: benign, automatic, forged and hostile, made by the tests."""
