"""Tables, encrypted blobs, keys and the audit chain."""
