"""Check what officers can note about a referral."""
