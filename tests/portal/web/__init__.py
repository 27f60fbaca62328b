"""Checks of policy, headers, sessions, uploads and errors over HTTP."""
