"""Judge the sender of a message: registered, unverified or unknown.

`registered` needs all of these: exactly one From without defects, an address in the register, and
authentication. Our own mail server's result is final where it wrote one; else our own check of
signatures decides, where a resolver is set. A From address alone is a claim (threat B4); the
verdict carries its reasons, because it is evidence for a person and not proof. A resemblance to
somebody registered is evidence too, and never makes a sender registered.
"""

import re
from dataclasses import dataclass

from intake.senders.authenticity import OwnCheck, OwnOutcome
from storage.submissions.submissions import SenderVerdict

# The reason that keeps a message from every answer by machine: the From domain disowns it.
DMARC_FAILED = "dmarc_failed"
# RFC 8601 §2.2: authserv-id, optional version, then results separated by semicolons.
RESULT = re.compile(
    r"(?P<method>[a-z0-9-]++)\s*+(?:/\s*+\d++)?\s*+=\s*+(?P<result>[a-z]++)(?P<rest>\s.*)?",
    re.DOTALL,
)
PROPERTY = re.compile(r"(?<!\S)(?P<name>[a-z]+\.[a-z-]+)\s*=\s*(?P<value>\S+)")
# These characters of a quoted string are kept; others could be read as a further result.
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-@")


@dataclass(frozen=True)
class Sender:
    """A verdict with the codes that say why; `region` comes from the register, or is None."""

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
    own_check: OwnCheck | None = None,
    likeness: tuple[str, ...] = (),
) -> Sender:
    """Return the verdict on a message's sender.

    `registered_region` is None when the address is not in the register.
    `authentication_results` are the raw header values from the top of the message.
    `own_check` is None where no resolver is set. With an empty `authserv_id` no such header is
    believed; with neither of the two (embedded only) the register alone decides. `likeness` is
    what `lookalikes` found: it is added to the reasons, where filing reads `look_alike`, and
    changes no verdict.
    """
    failed = (DMARC_FAILED,) if has_dmarc_failed(authentication_results, authserv_id) else ()
    if from_address is None or from_defects:
        reasons = ("from_not_usable", *from_defects, *failed, *likeness)
        return Sender(SenderVerdict.UNKNOWN, reasons)
    if registered_region is None:
        return Sender(SenderVerdict.UNKNOWN, ("address_not_registered", *failed, *likeness))
    word = _word_of_ours(authentication_results, authserv_id, from_address)
    is_authentic, evidence = _weigh(word, own_check)
    reasons = ("address_registered", *evidence, *failed, *likeness)
    if is_authentic:
        return Sender(SenderVerdict.REGISTERED, reasons, registered_region)
    return Sender(SenderVerdict.UNVERIFIED, reasons)


def has_dmarc_failed(headers: tuple[str, ...], authserv_id: str) -> bool:
    """Tell whether our own server says that the From domain disowns a message (RFC 7489 §6.6.2).

    Its word counts for every sender, registered or not, and where it cannot be told it counts as
    said: a stranger who makes our server's word unreadable, or contradicts it, gains no answer by
    it. A server that says nothing of DMARC, as for a domain without a policy, says no «fail». Our
    own check of signatures never says so, because it does not know SPF, which may have passed.
    """
    ours = _headers_of_ours(headers, authserv_id) if authserv_id else []
    results = {result for result, _domains in _dmarc_results(ours)}
    is_unsure = len(results) > 1 or not all(word.is_readable for word in ours)
    return is_unsure or "fail" in results


def needs_own_check(
    authentication_results: tuple[str, ...], authserv_id: str, from_address: str
) -> bool:
    """Tell whether our own server wrote no verdict, so that our own check decides."""
    word = _word_of_ours(authentication_results, authserv_id, from_address)
    return word not in {"aligned_pass", "not_authentic"}


def _word_of_ours(headers: tuple[str, ...], authserv_id: str, from_address: str) -> str:
    """Return what `authentication` returns, empty where no server of ours is configured."""
    if not authserv_id:
        return ""
    return authentication(headers, authserv_id, from_address.rpartition("@")[2])


def _weigh(word: str, own_check: OwnCheck | None) -> tuple[bool, tuple[str, ...]]:
    """Return whether a registered address is authentic, and the codes that say why.

    Our server's «no» goes before a signature that we find good: the server saw the connection.
    """
    if word == "aligned_pass":
        return True, ("authentic",)
    if word == "not_authentic":
        return False, (word,)
    if own_check is None:
        return (False, (word,)) if word else (True, ("authentication_not_configured",))
    if own_check.outcome is OwnOutcome.ALIGNED:
        return True, ("authentic", *own_check.reasons)
    if own_check.outcome is OwnOutcome.COULD_NOT_CHECK:
        return False, ("could_not_check", *own_check.reasons)
    return False, ("not_authentic", *own_check.reasons)


def authentication(headers: tuple[str, ...], authserv_id: str, from_domain: str) -> str:
    """Read the Authentication-Results headers of our own server (RFC 8601 §5).

    Returns `aligned_pass`, `not_authentic`, or `no_result_of_ours`. Only DMARC's pass
    for the From domain counts: SPF and DKIM alone may have passed for another domain.
    """
    ours = _headers_of_ours(headers, authserv_id)
    if not ours:
        return "no_result_of_ours"
    is_aligned = _one_dmarc_result(ours) == ("pass", [from_domain.lower()])
    return "aligned_pass" if is_aligned else "not_authentic"


@dataclass(frozen=True)
class _Word:
    """One header: who claims to have written it, and each (method, result, header.from's).

    An unreadable one says nothing for sure, perhaps not even whose it is (`claimed_id` is "").
    """

    claimed_id: str
    results: tuple[tuple[str, str, list[str]], ...]
    is_readable: bool


def _headers_of_ours(headers: tuple[str, ...], authserv_id: str) -> list[_Word]:
    """Return the top-most headers that stand together and are ours, or may be.

    Each checking program may write one of its own under the same id, as OpenDKIM and OpenDMARC do
    (RFC 8601 appendix B.5 shows two). Servers write on top, so what stands below a foreign
    one came with the message. One that cannot be read as another's counts as ours: a stranger
    makes ours unreadable by what it must repeat, by sixty signatures or a MAIL FROM in UTF-8.
    """
    ours: list[_Word] = []
    for header in headers:
        word = _read(header)
        may_be_ours = not word.claimed_id and not word.is_readable
        if may_be_ours or word.claimed_id == authserv_id.lower():
            ours.append(word)
        elif ours:
            break
    return ours


def _one_dmarc_result(ours: list[_Word]) -> tuple[str, list[str]] | None:
    """Return the one result of DMARC and its domains; None where any doubt is left.

    Two are a contradiction even when they agree: our server checks DMARC once, so one is forged.
    """
    found = _dmarc_results(ours)
    is_sure = len(found) == 1 and all(word.is_readable for word in ours)
    return found[0] if is_sure else None


def _dmarc_results(ours: list[_Word]) -> list[tuple[str, list[str]]]:
    return [
        (result, domains)
        for word in ours
        for method, result, domains in word.results
        if method == "dmarc"
    ]


def _read(header: str) -> _Word:
    """Read one header, such as `mx.example.org; dmarc=pass header.from=partner.example`."""
    (first, *rest), is_closed = _segments(header)
    words = first.split()
    # With an end missing already in the first part, nobody knows whose name it would be.
    claimed_id = words[0].lower() if words and (is_closed or rest) else ""
    results = []
    for part in rest:
        match = RESULT.fullmatch(part.strip().lower())
        if match:
            properties = PROPERTY.finditer(match["rest"] or "")
            domains = [m["value"].rstrip(".") for m in properties if m["name"] == "header.from"]
            results.append((match["method"], match["result"], domains))
    # The jail empties what is too long or not plain ASCII, and leaves it in its place.
    return _Word(claimed_id, tuple(results), is_readable=is_closed and bool(header.strip()))


def _segments(header: str) -> tuple[list[str], bool]:
    """Split at the semicolons that stand outside comments and quoted strings.

    Our own server's header repeats what a stranger wrote: `MAIL FROM:<"; dmarc=pass
    header.from=a.example"@b.example>` is a quoted string there, and must stay one. A
    comment becomes a blank (RFC 5322 §3.2.2, §3.2.4). One that is never closed goes to the end,
    and the second value says whether all were closed.
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
    is_closed = not (comment_depth or is_quoted)
    return ["".join(segment) for segment in segments], is_closed
