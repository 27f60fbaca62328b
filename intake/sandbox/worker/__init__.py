"""The process inside the sandbox."""
