"""How a mail is composed, guarded, delayed and recalled before it is sent."""
