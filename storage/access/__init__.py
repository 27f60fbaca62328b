"""Grants, presence and what is somebody's own."""
