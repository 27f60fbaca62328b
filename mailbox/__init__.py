"""Mail in by IMAP, mail out by SMTP, and the mail servers of the demo.

This package alone talks IMAP and SMTP. It imports intake and storage, never the
portal: what is to be sent waits in the outbox table. Its name hides a module of
the standard library; README.md says how the two are kept apart.
"""
