"""What the host accepts as an answer of the sandbox; everything else is refused."""
