"""Tell in which wider networks a caller's network lies, since one person may have many small ones.

A line at home has a whole IPv6 prefix (RFC 6177): a /56 has 256 networks of /64, and a /48 has
65 536. A hosted IPv4 range is often a /24. It imports nothing of ours.
"""

import ipaddress

# From the widest, which one owner may hold whole, to the one that the limits count.
IPV6_PREFIXES = (48, 56, 64)
IPV4_PREFIXES = (24, 32)


def around(network: str) -> tuple[str, ...]:
    """Return the names of the networks around one, the widest first and its own last.

    `192.0.2.7` gives `("192.0.2.0/24", "192.0.2.7/32")`; a name that is no network stands alone.
    """
    try:
        own = ipaddress.ip_network(network, strict=False)
    except ValueError:
        return (network,)
    lengths = IPV6_PREFIXES if own.version == 6 else IPV4_PREFIXES
    return tuple(
        str(own.supernet(new_prefix=length)) for length in lengths if length <= own.prefixlen
    )
