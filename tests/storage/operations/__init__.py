"""Checks of counts, exports, reconciliation and heartbeats."""
