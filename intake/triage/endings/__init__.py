"""How what waits at the desk ends: submissions without a case or a paper, and tasks."""
