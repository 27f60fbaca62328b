"""Pages for applicants, who have no account: lightest of all, with no cookie, session or script."""
