"""Ask for a written reason or another person's yes where reading or acting is unusual."""
