"""What officers were told about a referral, and which answers there are."""
