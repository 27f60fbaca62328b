"""Check which DKIM signatures of a message vouch for its From header.

No name server is asked here: the host hands in the records. dkimpy does the arithmetic; what it
leaves to its caller is decided here. dkimpy verifies a signature that covers only the beginning of
the body (`l=`: anybody may add a page after it), one that does not cover From, and rsa-sha1. It
also reads the header with rules of its own, so the two readings must agree before anything counts.
"""

import re
from collections.abc import Mapping, Sequence

import dkim
from dkim.util import InvalidTagValueList, parse_tag_value

from ..protocol.signatures import (
    DOMAIN,
    MAX_DOMAIN_CHARS,
    MAX_SELECTOR_CHARS,
    MAX_SIGNATURES,
    SELECTOR,
    ClaimedSignatures,
    DkimClaim,
    SignatureOutcome,
    SignatureResult,
)
from .dkim_keys import judge_key
from .from_header import read_sender
from .headers import HeaderBlock, LimitPassed, read_block

Answer = tuple[dict[str, object], list[bytes]]
Tags = dict[bytes, bytes]

MAX_SIGNATURE_BYTES = 4096
MAX_SIGNED_NAMES = 200
# dkimpy's patterns go back over a run of blanks once for each blank in it (in a body), or for each
# pair of blanks (in a signature, where folding triples the run).
MAX_BLANKS_IN_SIGNATURE = 40
MAX_BLANK_COST = 50_000_000
BLANK_RUNS = re.compile(rb"[ \t]{16,}")
SIGNATURE_BLANKS = re.compile(rb"\s{16,}")
# A signature much older than its arrival means that somebody who once got the mail sent it again:
# SMTP gives up after days (RFC 5321 §4.5.4.1), and t= and x= are the only times that are signed.
MAX_AGE_SECONDS = 14 * 24 * 3600
# Where the header has these fields they must be signed. To and Content-Type cannot be required:
# each is left out by one of the two largest providers.
SIGNED_IF_THERE = (b"subject", b"date")
# RFC 5322 §3.6 allows these once: a second one above the signed one would be shown instead of it
# (RFC 6376 §8.15).
SINGLE = (
    "from", "sender", "reply-to", "to", "cc", "date", "subject", "message-id", "in-reply-to",
    "references", "mime-version", "content-type", "content-transfer-encoding",
)  # fmt: skip


def answer_signatures(_arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
    """Answer with the claims of a message's signatures; the header is enough."""
    claimed = list_claims(blobs[0])
    claims = [{"domain": each.domain, "selector": each.selector} for each in claimed.claims]
    return {"from_domain": claimed.from_domain, "claims": claims}, []


def answer_checks(arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
    """Answer with the results of the signatures whose keys were asked for.

    `names` are the keys' names. The blobs are the message and, for each name, its record, which
    is empty where none is published. `at_seconds` is when the message came, in Unix time.
    """
    names = arguments["names"]
    if not isinstance(names, list):
        raise TypeError
    records = dict(zip(map(str, names), blobs[1:], strict=True))
    results = check(blobs[0], records, int(str(arguments["at_seconds"])))
    described = [
        {"domain": each.claim.domain, "selector": each.claim.selector, "outcome": each.outcome}
        for each in results
    ]
    return {"results": described}, []


def list_claims(raw: bytes) -> ClaimedSignatures:
    """Return whom the signatures name, from the top down and each once; odd names are left out."""
    block = _block(raw)
    domain = _from_domain(block)
    if block is None or domain is None:
        return ClaimedSignatures(None, ())
    values = block.all("dkim-signature")[:MAX_SIGNATURES]
    claims = [claim for claim in map(_claim, map(_read_tags, values)) if claim is not None]
    return ClaimedSignatures(domain, tuple(dict.fromkeys(claims)))


def check(raw: bytes, records: Mapping[str, bytes], at_seconds: int) -> tuple[SignatureResult, ...]:
    """Return the result of each readable signature, from the top down.

    `records` holds the key record for each name that was asked, empty where there is none; a
    signature whose name is not among them is `not_looked_up`. `at_seconds` is Unix time.
    """
    block = _block(raw)
    if block is None or _from_domain(block) is None:
        return ()
    named = [
        (place, tags, claim)
        for place, value in enumerate(block.all("dkim-signature")[:MAX_SIGNATURES])
        if (tags := _read_tags(value)) is not None and (claim := _claim(tags)) is not None
    ]
    is_any_asked = any(claim.key_name in records for _, _, claim in named)
    refusal = _refuse_message(raw, block) if is_any_asked else None
    results = []
    for place, tags, claim in named:
        outcome: SignatureOutcome = "not_looked_up"
        if claim.key_name in records:
            record = records[claim.key_name]
            outcome = (
                refusal
                or _refuse_signature(tags, block, at_seconds)
                or judge_key(record, _identity_domain(tags, claim), claim.domain)
                or _verify(raw, block, place, claim, record)
            )
        results.append(SignatureResult(claim, outcome))
    return tuple(results)


def _block(raw: bytes) -> HeaderBlock | None:
    try:
        return read_block(raw, 0, len(raw))
    except LimitPassed:
        return None


def _from_domain(block: HeaderBlock | None) -> str | None:
    """Return the domain of the sender, or None when another program could read another one."""
    if block is None:
        return None
    address, _defects = read_sender(block.all("from"), block.from_defects)
    return address.rpartition("@")[2] if address else None


def _read_tags(value: bytes) -> Tags | None:
    """Return the tags of one signature, or None when it cannot be read."""
    longest = max(map(len, SIGNATURE_BLANKS.findall(value)), default=0)
    if len(value) > MAX_SIGNATURE_BYTES or longest > MAX_BLANKS_IN_SIGNATURE:
        return None
    try:
        # dkimpy's own reader, so that what is judged here is what it verifies.
        tags: Tags = parse_tag_value(value)
    except (InvalidTagValueList, IndexError):
        return None
    return tags


def _claim(tags: Tags | None) -> DkimClaim | None:
    if tags is None:
        return None
    domain = tags.get(b"d", b"").decode("ascii", "replace").lower()
    selector = tags.get(b"s", b"").decode("ascii", "replace").lower()
    is_fit = (
        len(domain) <= MAX_DOMAIN_CHARS
        and len(selector) <= MAX_SELECTOR_CHARS
        and DOMAIN.fullmatch(domain)
        and SELECTOR.fullmatch(selector)
    )
    return DkimClaim(domain, selector) if is_fit else None


def _identity_domain(tags: Tags, claim: DkimClaim) -> str:
    """Return the domain of i=, or that of d= when i= is missing (RFC 6376 §3.5)."""
    identity = tags.get(b"i", b"").decode("ascii", "replace").lower()
    return identity.rpartition("@")[2] if identity else claim.domain


def _refuse_message(raw: bytes, block: HeaderBlock) -> SignatureOutcome | None:
    """Return why no signature of this message can count, or None."""
    if any(len(block.all(name)) > 1 for name in SINGLE):
        return "header_repeated"
    if sum(len(run) ** 2 for run in BLANK_RUNS.findall(raw)) > MAX_BLANK_COST:
        return "too_costly"
    return None


def _refuse_signature(tags: Tags, block: HeaderBlock, at_seconds: int) -> SignatureOutcome | None:
    """Return why this signature cannot count, however well it verifies; or None."""
    signed = {name.strip().lower() for name in tags.get(b"h", b"").split(b":")}
    if tags.get(b"h", b"").count(b":") >= MAX_SIGNED_NAMES:
        return "malformed"
    if tags.get(b"a") != b"rsa-sha256":
        # rsa-sha1 must not be believed (RFC 8301 §3.1).
        return "algorithm_refused"
    if b"l" in tags:
        return "part_of_body"
    if b"from" not in signed:
        return "from_not_signed"
    if any(name not in signed and block.all(name.decode()) for name in SIGNED_IF_THERE):
        return "header_not_signed"
    return _refuse_times(tags, at_seconds)


def _refuse_times(tags: Tags, at_seconds: int) -> SignatureOutcome | None:
    """Return why the times of this signature refuse it, or None.

    x= is judged without the ten hours that dkimpy adds, and t= by its age.
    """
    made, ends = tags.get(b"t", b""), tags.get(b"x", b"")
    if not all(value.isdigit() and len(value) <= 12 for value in (made, ends) if value):
        return "malformed"
    if ends and int(ends) < at_seconds:
        return "expired"
    return "too_old" if made and int(made) < at_seconds - MAX_AGE_SECONDS else None


def _verify(
    raw: bytes, block: HeaderBlock, place: int, claim: DkimClaim, record: bytes
) -> SignatureOutcome:
    """Let dkimpy verify one signature with one record, and say whether it holds.

    The message goes in as it stands. dkimpy asks for the record by name; it gets the one that was
    judged, and must ask for that name only.
    """
    asked: list[bytes] = []

    def published(name: bytes, **_options: object) -> bytes:
        asked.append(name)
        return record

    try:
        verifier = dkim.DKIM(raw)
        if not _reads_the_same(verifier.headers, block):
            return "malformed"
        is_valid = verifier.verify(place, dnsfunc=published)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 dkimpy lets out what a hostile value makes Python raise
        return "no_match"
    names = [name.decode("ascii", "replace").lower() for name in asked]
    is_signed = any(name.lower() == b"from" for name, _ in verifier.signed_headers)
    return "pass" if is_valid and is_signed and names == [f"{claim.key_name}."] else "no_match"


def _reads_the_same(headers: Sequence[Sequence[bytes]], block: HeaderBlock) -> bool:
    """Say whether dkimpy cut the header into the same fields as we did."""
    theirs = [
        (name.lower().decode(), value.replace(b"\r\n", b"").strip(b" \t"))
        for name, value in headers
    ]
    return theirs == list(block.fields)
