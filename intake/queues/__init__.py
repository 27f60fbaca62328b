"""What waits for a person, who has it and until when; search."""
