"""Know which part of a domain name one organisation holds. Imports publicsuffix2.

The list of public suffixes comes with the library `authheaders`, and is only as new as that; it is
never fetched. A suffix that is missing there makes its customers look like one organisation, which
matters only for a signature by another name of the same organisation (RFC 7489 §3.2).
"""

from collections.abc import Callable
from importlib.metadata import distribution
from pathlib import Path

from publicsuffix2 import PublicSuffixList  # type: ignore[import-untyped]  # it ships no types

# Takes a domain in lower case, and gives the organisation's: mail.malmo.example -> malmo.example.
Organisation = Callable[[str], str | None]


def load_organisations() -> Organisation:
    """Read the list once (30 ms) and return what finds a domain's organisation.

    That gives None for a public suffix itself, such as `se` or `co.uk`, which is nobody's.
    """
    place = distribution("authheaders").locate_file("authheaders/public_suffix_list.txt")
    with Path(str(place)).open(encoding="utf-8") as file:
        suffixes = PublicSuffixList(file)

    def organisation(domain: str) -> str | None:
        # The library's own `get_sld` takes an ending that is not on the list for one organisation,
        # where the list's rule is that each name below it is one (publicsuffix.org/list, step 2).
        suffix: str | None = suffixes.get_tld(domain)
        if not suffix or suffix == domain or not domain.endswith(f".{suffix}"):
            return None
        return f"{domain.removesuffix(f'.{suffix}').rpartition('.')[2]}.{suffix}"

    return organisation
