"""What the office itself decides: editions approved by two people, checklists, document types."""
