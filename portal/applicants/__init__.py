"""Pages for applicants, who have no account, no cookie and no script."""
