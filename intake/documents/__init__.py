"""A document as its reader sees it, and what may be done about a held one."""
