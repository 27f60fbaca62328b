"""Checks of mailboxes, the outbox and the register of senders."""
