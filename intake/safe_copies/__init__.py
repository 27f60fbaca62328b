"""Page images and the rebuilt PDF of a document."""
