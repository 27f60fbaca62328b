"""The viewer and the quarantine."""
