"""What the office and coordinators write to each other."""
