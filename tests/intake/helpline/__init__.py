"""Check when the helpline answers."""
