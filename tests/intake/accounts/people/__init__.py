"""Checks of deputies, absences and names."""
