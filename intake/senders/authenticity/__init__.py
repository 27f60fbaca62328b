"""Know whether a message was signed by the domain in its From, by our own check.

For where our mail server writes no Authentication-Results of its own. The message is parsed in the
jail only; here are the questions to the resolver and the rules of alignment. Imports the jail's
shapes, dnspython and publicsuffix2.

SPF is not checked, on purpose. It judges the address that connected to our border, and that is
written only in a Received header. Over IMAP the top-most Received is some inner hop of the
provider's, which of them is the border's cannot be told from the message, and everything below the
border's is the sender's to write. A wrong guess would let a stranger name the address; DKIM needs
no guess, and it alone is enough for DMARC (RFC 7489 §4.2).
"""

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
