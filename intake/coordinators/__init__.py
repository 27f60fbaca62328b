"""What a coordinator sees of what was sent."""
