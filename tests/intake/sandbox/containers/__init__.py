"""Checks of mail, Outlook, PDF, OLE, PGP and S/MIME as holders of files."""
