"""Sample files: documents and archives, benign and hostile, made by the tests."""
