"""Mail in by IMAP, mail out by SMTP, and the mail servers of the demo."""

# The name hides a module of the standard library; README.md says how the two are kept apart.
