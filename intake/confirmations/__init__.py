"""Signed receipts and confirmations: R1 as a PDF, and R2."""
