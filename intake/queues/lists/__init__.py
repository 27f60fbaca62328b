"""What lists and the search show of submissions, and how much stands in each list."""
