"""Check how signatures of mail servers are read."""
