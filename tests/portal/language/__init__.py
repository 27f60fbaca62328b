"""Check the languages of partners' pages."""
