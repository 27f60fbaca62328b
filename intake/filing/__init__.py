"""Which case and queue a submission belongs to; undo and merge."""
