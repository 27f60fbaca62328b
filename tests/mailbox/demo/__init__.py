"""The demo's servers and its sample."""
