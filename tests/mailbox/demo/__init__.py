"""Checks of the demo's servers and of its sample referral."""
