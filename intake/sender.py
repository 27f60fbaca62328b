"""Who wrote: a verdict on a sender, as rules from values to values.

`registered` needs all of: exactly one defect-free From, an address in the
register, and authentication by our own mail server where its name is set. A
From address alone is a claim (security.md B4); the verdict carries its reasons,
because it is evidence for a person and not proof.
"""

import re
from dataclasses import dataclass

from storage.submissions import SenderVerdict

# RFC 8601 §2.2: authserv-id, optional version, then results separated by semicolons.
RESULT = re.compile(
    r"(?P<method>[a-z0-9-]+)\s*(?:/\s*\d+)?\s*=\s*(?P<result>[a-z]+)(?P<rest>\s.*)?", re.DOTALL
)
PROPERTY = re.compile(r"(?<!\S)(?P<name>[a-z]+\.[a-z-]+)\s*=\s*(?P<value>\S+)")
# What is kept of a quoted string; all else could be read as a further result.
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-@")


@dataclass(frozen=True)
class Sender:
    """A verdict with the codes that led to it; `region` is the register's."""

    verdict: SenderVerdict
    reasons: tuple[str, ...]
    region: str | None = None


def judge_sender(
    *,
    from_address: str | None,
    from_defects: tuple[str, ...],
    registered_region: str | None,
    authentication_results: tuple[str, ...],
    authserv_id: str,
) -> Sender:
    """Return the verdict on a message's sender.

    `registered_region` is None when the address is not in the register.
    `authentication_results` are the raw header values from the top of the message.
    An empty `authserv_id` (embedded only) believes no such header and needs none.
    """
    if from_address is None or from_defects:
        return Sender(SenderVerdict.UNKNOWN, ("from_not_usable", *from_defects))
    if registered_region is None:
        return Sender(SenderVerdict.UNKNOWN, ("address_not_registered",))
    if not authserv_id:
        reasons = ("address_registered", "authentication_not_configured")
        return Sender(SenderVerdict.REGISTERED, reasons, registered_region)
    domain = from_address.rpartition("@")[2]
    outcome = authentication(authentication_results, authserv_id, domain)
    if outcome == "aligned_pass":
        return Sender(
            SenderVerdict.REGISTERED, ("address_registered", "authentic"), registered_region
        )
    return Sender(SenderVerdict.UNVERIFIED, ("address_registered", outcome))


def authentication(headers: tuple[str, ...], authserv_id: str, from_domain: str) -> str:
    """Read the top-most Authentication-Results header of our own server (RFC 8601 §5).

    Returns `aligned_pass`, `not_authentic`, or `no_result_of_ours`. Only DMARC's pass
    for the From domain counts: SPF and DKIM alone may have passed for another domain.
    """
    for header in headers:
        claimed_id, results = _parsed(header)
        if claimed_id != authserv_id.lower():
            continue
        found = [(result, domains) for method, result, domains in results if method == "dmarc"]
        is_aligned = found == [("pass", [from_domain.lower()])]
        return "aligned_pass" if is_aligned else "not_authentic"
    return "no_result_of_ours"


def _parsed(header: str) -> tuple[str, list[tuple[str, str, list[str]]]]:
    """Return the claimed authserv-id, and of each result (method, result, header.from's)."""
    first, *rest = _segments(header)
    words = first.split()
    results = []
    for part in rest:
        match = RESULT.fullmatch(part.strip().lower())
        if match:
            properties = PROPERTY.finditer(match["rest"] or "")
            domains = [m["value"].rstrip(".") for m in properties if m["name"] == "header.from"]
            results.append((match["method"], match["result"], domains))
    return (words[0].lower() if words else ""), results


def _segments(header: str) -> list[str]:
    """Split at the semicolons that stand outside comments and quoted strings.

    A stranger's words come into our own server's header: `MAIL FROM:<"; dmarc=pass
    header.from=a.example"@b.example>` is a quoted string there, and must stay one. A
    comment becomes a blank. What is never closed goes to the end (RFC 5322 §3.2.2, §3.2.4).
    """
    segments: list[list[str]] = [[]]
    comment_depth, is_quoted, is_escaped = 0, False, False
    for character in header:
        if is_escaped:
            is_escaped = False
        elif character == "\\" and (comment_depth or is_quoted):
            is_escaped = True
            segments[-1].append("_" if is_quoted else "")
        elif comment_depth:
            comment_depth += {"(": 1, ")": -1}.get(character, 0)
        elif character == '"':
            is_quoted = not is_quoted
        elif is_quoted:
            segments[-1].append(character if character in PLAIN else "_")
        elif character == "(":
            comment_depth = 1
            segments[-1].append(" ")
        elif character == ";":
            segments.append([])
        else:
            segments[-1].append(character)
    return ["".join(segment) for segment in segments]
