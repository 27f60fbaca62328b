"""A month at the desk: what comes in, the officers who work it off, and what is left at its end."""
