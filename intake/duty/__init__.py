"""Tell who is on duty before a clock runs out, and who is called about an emergency."""
