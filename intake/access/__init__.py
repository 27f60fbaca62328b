"""Who may see or act on what, and on what terms."""
