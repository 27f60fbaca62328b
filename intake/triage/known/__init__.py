"""What is known of a referral, who said it, and what readings fill in."""
