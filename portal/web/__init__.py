"""HTTP: session, policy, headers, uploads, downloads."""
