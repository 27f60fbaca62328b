"""Pages of coordinators and of people who hold a link."""
