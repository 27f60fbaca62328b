"""Which type a document has, which pages it fills, why, and how sure that is."""
