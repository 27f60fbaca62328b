"""Check by our own means whether the domain in a message's From signed it."""

# The check is used where our mail server writes no Authentication-Results of its own. Only the jail
# parses the message; this package asks the resolver and applies the rules of alignment.
#
# SPF is not checked, on purpose. It judges the address that connected to our border, and that is
# written only in a Received header. Over IMAP the top-most Received is some inner hop of the
# provider's. The message does not tell which of them is the border's, and the sender can write
# everything below that one. A wrong guess would let a stranger name the address; DKIM needs no
# guess, and it alone is enough for DMARC (RFC 7489 §4.2).

from .dkim_check import OwnCheck, OwnOutcome, SignatureJail, check_own
from .dns import ResolverAddress, TxtResolver
from .organisational_domain import load_organisations

__all__ = [
    "OwnCheck",
    "OwnOutcome",
    "ResolverAddress",
    "SignatureJail",
    "TxtResolver",
    "check_own",
    "load_organisations",
]
