"""Find the organisational domain of a domain name (RFC 7489 §3.2).

The list of public suffixes comes with the library `authheaders` and is as old as that; it is never
fetched. If a suffix is missing there, all domains under it look like one organisation, which only
matters for a signature by another domain of the same organisation.
"""

from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

from publicsuffix2 import PublicSuffixList  # type: ignore[import-untyped]  # it ships no types

# A function from a domain in lower case to the organisation's, None for a public suffix:
# mail.malmo.example -> malmo.example.
Organisation = Callable[[str], str | None]


def load_organisations() -> Organisation:
    """Read the list (30 ms) and return the function that finds a domain's organisation.

    The function returns None for a public suffix such as `se` or `co.uk`, which nobody holds.
    """
    place = distribution("authheaders").locate_file("authheaders/public_suffix_list.txt")
    with Path(str(place)).open(encoding="utf-8") as file:
        suffixes = PublicSuffixList(file)

    def organisation(domain: str) -> str | None:
        # The library's `get_sld` treats an ending that is not on the list as one organisation. By
        # the list's own rule each name below it is one (publicsuffix.org/list, step 2).
        suffix: str | None = suffixes.get_tld(domain)
        if not suffix or suffix == domain or not domain.endswith(f".{suffix}"):
            return None
        return f"{domain.removesuffix(f'.{suffix}').rpartition('.')[2]}.{suffix}"

    return organisation
