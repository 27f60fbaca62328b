"""The demo's mail servers and its sample referral; never used in production."""
