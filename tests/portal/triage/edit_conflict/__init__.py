"""Checks of what officers are shown when somebody else changed the same thing."""
