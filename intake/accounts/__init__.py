"""Who signs in and how: accounts, roles, passwords, the second factor."""
