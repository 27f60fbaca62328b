"""The host's side: processes, the pool, and system programs run confined."""
