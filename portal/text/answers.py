"""Word the codes of findings in free text and of misdirected mail for pages.

A code without words shows as itself.
"""

from collections.abc import Mapping
from typing import NamedTuple

from intake.correspondence.answers import AnswerDraft
from intake.correspondence.free_text import Finding, Severity
from intake.correspondence.ways_to_write import OFTEN_ENOUGH, WriteBy
from intake.filing.misdirected import MisdirectionKind
from intake.triage.known.readings import country_name
from portal.text.labels import reason

FINDINGS = {
    "known_name": "The name of a person of this case. Leave it out.",
    "identity_number": "A personal identity number. Leave it out.",
    "programme_word": "A word that tells what this programme is. Say it in other words.",
    "too_long": "The text is too long.",
    "mail_address": "A mail address that is not ours.",
    "case_number": "A case or decision number.",
    "date": "A date that could be somebody's date of birth.",
    "birth": "This speaks of a birth.",
    "street_address": "This looks like an address.",
    "long_number": "This looks like a telephone number or another number of a person.",
    "sensitive_word": "This word can tell what the message is about.",
    "whereabouts_word": "This can tell where the person is. Say it by telephone.",
    "whereabouts_hint": "This may tell where the person is. Leave it out if it does.",
}
MISDIRECTIONS = {
    MisdirectionKind.PROTECTION: (
        "Signs of trafficking. Do not answer by yourself: the protection officer "
        "decides what is safe to say, and to whom."
    ),
    MisdirectionKind.THIRD_PARTY: "Somebody seems to ask about another person.",
    MisdirectionKind.CASH_AT_REFERRALS: (
        "This seems to be about cash support; it came to the referral mailbox."
    ),
    MisdirectionKind.REFERRAL_AT_CASH: (
        "This seems to be a referral; it came to the cash-support mailbox."
    ),
    MisdirectionKind.REPATRIATION_GRANT: (
        "This seems to be about the repatriation grant (350 000 kronor)."
    ),
    MisdirectionKind.REINTEGRATION: "This seems to be about reintegration services (EURP).",
    MisdirectionKind.ASYLUM: "This seems to be about a decision of the Migration Agency.",
    MisdirectionKind.COUNTRY_NOT_LISTED: (
        "The country named here is not among those that we pay in."
    ),
    MisdirectionKind.JOB: "This seems to be about work at our office.",
    MisdirectionKind.PRESS: "This seems to be from the press.",
    MisdirectionKind.ADVERTISING: "This seems to be advertising.",
}
# What an officer does when a mail may not be answered; for the other codes they call.
WHAT_TO_DO = {
    "dmarc_failed": (
        "Somebody else may have written it in this name. Write to the coordinator from the case, "
        "or call the number that the register or the case has, not one that stands in the mail."
    ),
    "too_many_to_this_address": "Answer in an hour, or call if it cannot wait.",
    "too_many_to_this_domain": "Answer in an hour, or call if it cannot wait.",
    "too_many_to_strangers": "Answer in an hour, or call if it cannot wait.",
}


class Way(NamedTuple):
    """How to write instead of by mail: the title of its page, and what to do."""

    title: str
    how: str


WAYS = {
    WriteBy.MESSAGE: Way(
        "Write to the coordinator",
        "They have an account: write in the service, and they read it when they sign in.",
    ),
    WriteBy.LINK: Way(
        "Call, and give a link",
        "The sender is in the register and has no account. Call them on the number there; for "
        "papers pass on a single-use link.",
    ),
    WriteBy.CALL: Way(
        "Call, and write it down",
        "Nobody can be written to about this. Call, and write the call down.",
    ),
}


def because(reason: str, type_names: Mapping[str, str]) -> str:
    """Return what speaks for a suggestion: a document type or a country by name, or the words."""
    return type_names.get(reason) or country_name(reason) or reason


def why_no_mail(code: str) -> str:
    """Return why nobody is answered by mail, and what helps, as sentences."""
    if code == OFTEN_ENOUGH:
        return "Nine answers were sent about this message."
    return f"{reason(code)} {WHAT_TO_DO.get(code, '')}".strip()


class ShownFinding(NamedTuple):
    """One finding beside its field: what it is, the words themselves, and whether it blocks."""

    sentence: str
    excerpt: str
    is_blocking: bool


def shown(draft: AnswerDraft, findings: tuple[Finding, ...]) -> list[ShownFinding]:
    """Return findings as the page shows them, those that block sending first."""
    rows = [
        ShownFinding(
            FINDINGS.get(finding.code, finding.code),
            draft.more[finding.start : finding.end],
            finding.severity is Severity.BLOCK,
        )
        for finding in findings
    ]
    return sorted(rows, key=lambda row: not row.is_blocking)
