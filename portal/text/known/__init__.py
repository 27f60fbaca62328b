"""How what is known of a referral, and what was read of its papers, reads on a page."""
