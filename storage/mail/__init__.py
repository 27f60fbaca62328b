"""Mailboxes, outbox and the register of senders."""
