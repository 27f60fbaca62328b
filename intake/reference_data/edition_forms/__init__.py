"""Read and show the office's data by forms: a table of fields for each kind of edition."""
