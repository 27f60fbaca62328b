"""What holds files beside archives: mail, Outlook, office files, PDF, RTF, OpenPGP and S/MIME."""
