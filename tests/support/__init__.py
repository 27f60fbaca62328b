"""Services, rows, people and clocks that tests in every folder share."""
