"""What a document is and says: suggestions only, until a person confirms them."""
