"""Counts, exports, reconciliation and heartbeats."""
