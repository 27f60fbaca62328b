"""Checks of invitations, passwords and second factors at the door."""
