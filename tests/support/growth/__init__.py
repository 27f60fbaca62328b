"""What tests need that compare how work grows with its input."""
