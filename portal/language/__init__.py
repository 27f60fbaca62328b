"""The languages of the pages outside the office's own work, and who reads which."""
