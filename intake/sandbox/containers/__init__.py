"""What else holds files: mail, Outlook, PDF, OLE, PGP, S/MIME."""
