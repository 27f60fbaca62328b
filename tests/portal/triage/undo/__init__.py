"""Taking back what an officer did, on the pages."""
