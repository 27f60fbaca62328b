"""What formulas ask of other programs, in cells and in files of plain text."""
