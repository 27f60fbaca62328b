"""Check the forms of editions."""
