"""The nouns: tables, encrypted blobs, keys and the audit chain.

Everything durable lives here, and only here is SQLAlchemy imported. The package
knows nothing of mail, of the web or of what a document means; it is handed
plain values (addresses, key bytes) by the composition root.
"""
