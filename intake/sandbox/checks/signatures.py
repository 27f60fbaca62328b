"""Check what the jail answers about DKIM signatures, and refuse the rest."""

from collections.abc import Mapping

from ..protocol.errors import OutputRefused
from ..protocol.signatures import (
    DOMAIN,
    MAX_DOMAIN_CHARS,
    MAX_RECORD_BYTES,
    MAX_SELECTOR_CHARS,
    MAX_SIGNATURES,
    SELECTOR,
    SIGNATURE_OUTCOMES,
    ClaimedSignatures,
    DkimClaim,
    SignatureResult,
)
from .fields import Head, read_choice, read_matching


def question(
    records: Mapping[str, bytes], at_seconds: int
) -> tuple[dict[str, object], list[bytes]]:
    """Return the arguments of `check_signatures`, and the blobs that follow the message.

    `records` are the published keys by name; `at_seconds` is Unix time. A record that is longer
    than any key is handed on empty, so that the jail need not hold it.
    """
    arguments: dict[str, object] = {"names": list(records), "at_seconds": at_seconds}
    blobs = [record if len(record) <= MAX_RECORD_BYTES else b"" for record in records.values()]
    return arguments, blobs


def read_claims(head: Head) -> ClaimedSignatures:
    """Return whom the signatures name; raise OutputRefused when the answer is not as agreed."""
    claims = head.get("claims")
    if not isinstance(claims, list) or len(claims) > MAX_SIGNATURES:
        raise OutputRefused("bad_claims")
    domain = head.get("from_domain")
    if domain is None and claims:
        raise OutputRefused("bad_from_domain")
    read = tuple(_claim(claim) for claim in claims)
    if len(set(read)) != len(read):
        raise OutputRefused("bad_claims")
    return ClaimedSignatures(None if domain is None else _from_domain(domain), read)


def read_results(head: Head) -> tuple[SignatureResult, ...]:
    """Return the results; raise OutputRefused when they are not as agreed."""
    results = head.get("results")
    if not isinstance(results, list) or len(results) > MAX_SIGNATURES:
        raise OutputRefused("bad_results")
    return tuple(_result(result) for result in results)


def _from_domain(value: object) -> str:
    # Unlike a signature's, a sender's domain may be one label: `noreply@localhost`.
    if not isinstance(value, str) or len(value) > MAX_DOMAIN_CHARS:
        raise OutputRefused("bad_from_domain")
    if not DOMAIN.fullmatch(f"{value}.x"):
        raise OutputRefused("bad_from_domain")
    return value


def _claim(claim: object) -> DkimClaim:
    if not isinstance(claim, dict):
        raise OutputRefused("bad_claims")
    domain = read_matching(claim, "domain", DOMAIN)
    selector = read_matching(claim, "selector", SELECTOR)
    if len(domain) > MAX_DOMAIN_CHARS or len(selector) > MAX_SELECTOR_CHARS:
        raise OutputRefused("bad_claims")
    return DkimClaim(domain, selector)


def _result(result: object) -> SignatureResult:
    if not isinstance(result, dict):
        raise OutputRefused("bad_results")
    return SignatureResult(_claim(result), read_choice(result, "outcome", SIGNATURE_OUTCOMES))
