"""Check the sender.

Only our own server's pass for the From domain makes a registered address count.
"""

import pytest

from intake.senders.authenticity import OwnCheck, OwnOutcome
from intake.senders.verdict import (
    DMARC_FAILED,
    Sender,
    authentication,
    judge_sender,
    needs_own_check,
)
from storage.submissions.submissions import SenderVerdict

OURS = "mx.example.org"
PASS = "mx.example.org; dmarc=pass header.from=partner.example"
FORGED = "mx.evil.example; dmarc=pass header.from=partner.example"
FAIL = "mx.example.org; dmarc=fail header.from=partner.example"


def outcome(*headers: str, authserv_id: str = OURS, domain: str = "partner.example") -> str:
    """Read headers as they stand from the top of a message."""
    return authentication(headers, authserv_id, domain)


@pytest.mark.parametrize(
    "header",
    [
        PASS,
        "mx.example.org;dmarc=pass header.from=partner.example",
        "mx.example.org 1; dmarc=pass header.from=partner.example",
        "MX.Example.ORG; DMARC=Pass header.From=Partner.Example",
        "mx.example.org; dmarc = pass header.from = partner.example",
        'mx.example.org; dmarc=pass header.from="partner.example"',
        "mx.example.org; dmarc=pass header.from=partner.example.",
        "mx.example.org; dmarc/1=pass header.from=partner.example",
        "mx.example.org; dmarc=pass (p=reject dis=none) header.from=partner.example",
        "mx.example.org (our; server) ; dmarc=pass header.from=partner.example",
        "mx.example.org; dmarc=pass (a (nested) comment) header.from=partner.example",
        (
            "mx.example.org; spf=fail smtp.mailfrom=x@partner.example; "
            "dkim=pass header.d=partner.example; dmarc=pass header.from=partner.example"
        ),
        "mx.example.org; dmarc=pass policy.dmarc=reject header.from=partner.example",
        "mx.example.org;\tdmarc=pass\theader.from=partner.example",
        'mx.example.org; dmarc=pass reason="looked; at it" header.from=partner.example',
        'mx.example.org; dmarc=pass reason="all (is fine" header.from=partner.example',
    ],
)
def test_our_servers_pass_for_the_from_domain_counts(header: str) -> None:
    assert outcome(header) == "aligned_pass"


@pytest.mark.parametrize(
    "header",
    [
        FAIL,
        "mx.example.org; none",
        "mx.example.org",
        "mx.example.org;",
        "mx.example.org; dmarc=none header.from=partner.example",
        "mx.example.org; dmarc=temperror header.from=partner.example",
        "mx.example.org; dmarc=bestguesspass header.from=partner.example",
        "mx.example.org; dmarc=passed header.from=partner.example",
        "mx.example.org; dmarc=pass-through header.from=partner.example",
        "mx.example.org; dmarc=pass",
        "mx.example.org; dmarc=pass header.from=evil.example",
        "mx.example.org; dmarc=pass header.from=partner.example.evil.example",
        "mx.example.org; dmarc=pass header.from=evil-partner.example",
        "mx.example.org; dmarc=pass header.from=sub.partner.example",
        "mx.example.org; dmarc=pass header.d=partner.example",
        "mx.example.org; dmarc=pass smtp.mailfrom=partner.example",
        "mx.example.org; dmarc=pass xheader.from=partner.example",
        "mx.example.org; spf=pass smtp.mailfrom=partner.example",
        "mx.example.org; dkim=pass header.d=partner.example",
        "mx.example.org; x-dmarc=pass header.from=partner.example",
        "mx.example.org; (dmarc=pass header.from=partner.example)",
        "mx.example.org; spf=none (; dmarc=pass header.from=partner.example)",
        "mx.example.org; spf=none (a (b); dmarc=pass header.from=partner.example)",
        "mx.example.org; dmarc=fail (dmarc=pass) header.from=partner.example",
        'mx.example.org; spf=none smtp.mailfrom="; dmarc=pass header.from=partner.example"',
        'mx.example.org; spf=none reason="; dmarc=pass header.from=partner.example ;"',
        'mx.example.org; spf=none reason="\\"; dmarc=pass header.from=partner.example"',
        (
            'mx.example.org; spf=none reason="(" ; x=y reason="); dmarc=pass '
            'header.from=partner.example"'
        ),
        "mx.example.org; dmarc=fail header.from=evil.example header.from=partner.example",
        'mx.example.org; dmarc=pass header.from=evil.example x="header.from=partner.example"',
        'mx.example.org; dmarc=pass x="header.from=partner.example"',
        'mx.example.org; dmarc=pass x="a header.from=partner.example"',
        "mx.example.org; dmarc=pass x-header.from=partner.example",
        "mx.example.org; dmarc=pass header.from=evil.example header.from=partner.example",
        "mx.example.org; dmarc=pass header.from=partner.example header.from=evil.example",
        (
            "mx.example.org; dmarc=fail header.from=partner.example; "
            "dmarc=pass header.from=partner.example"
        ),
        'mx.example.org; x="\\";dmarc=pass header.from=partner.example;\\""@b.example',
        "mx.example.org; spf=pass (\\) ; dmarc=pass header.from=partner.example)",
    ],
)
def test_anything_else_of_our_server_is_not_authentic(header: str) -> None:
    assert outcome(header) == "not_authentic"


@pytest.mark.parametrize(
    "header",
    [
        FORGED,
        ";",
        "; dmarc=pass header.from=partner.example",
        "mx.example.org.evil.example; dmarc=pass header.from=partner.example",
        "mx.example.org-evil; dmarc=pass header.from=partner.example",
        "evil mx.example.org; dmarc=pass header.from=partner.example",
        "(mx.example.org); dmarc=pass header.from=partner.example",
        "dmarc=pass header.from=partner.example; mx.example.org",
        "i=1; mx.example.org; dmarc=pass header.from=partner.example",
    ],
)
def test_another_servers_word_is_none_of_ours(header: str) -> None:
    assert outcome(header) == "no_result_of_ours"


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ((), "no_result_of_ours"),
        ((FORGED, FORGED), "no_result_of_ours"),
        ((PASS, FORGED), "aligned_pass"),
        ((FORGED, PASS), "aligned_pass"),
        ((FORGED, FAIL), "not_authentic"),
        # Ours is written last and so stands on top; a sender can put its own below.
        ((FAIL, PASS), "not_authentic"),
        ((PASS, FAIL), "not_authentic"),
        ((PASS, PASS), "not_authentic"),
        ((PASS, FORGED, FAIL), "aligned_pass"),
        # The jail empties what it cannot read, and ours may have been that one.
        (("",), "not_authentic"),
        (("", PASS), "not_authentic"),
        ((PASS, FORGED, ""), "aligned_pass"),
    ],
)
def test_our_own_headers_decide_and_a_contradiction_is_a_no(
    headers: tuple[str, ...], expected: str
) -> None:
    assert outcome(*headers) == expected


def test_our_name_is_compared_without_case() -> None:
    assert outcome(PASS, authserv_id="MX.example.org") == "aligned_pass"


def test_a_hostile_header_is_read_in_no_time() -> None:
    assert outcome("mx.example.org; " + "(" * 4000 + "dmarc=pass" + ")" * 10) == "not_authentic"
    assert outcome("mx.example.org" + "; dmarc=" * 1000) == "not_authentic"
    assert outcome('mx.example.org; x="' + "\\" * 4000) == "not_authentic"


def judged(
    address: str | None = "anna@partner.example",
    defects: tuple[str, ...] = (),
    region: str | None = "STHLM",
    headers: tuple[str, ...] = (PASS,),
    authserv_id: str = OURS,
    own_check: OwnCheck | None = None,
    likeness: tuple[str, ...] = (),
) -> Sender:
    """Judge a registered and authentic sender, with changes."""
    return judge_sender(
        from_address=address,
        from_defects=defects,
        registered_region=region,
        authentication_results=headers,
        authserv_id=authserv_id,
        own_check=own_check,
        likeness=likeness,
    )


def test_a_registered_and_authentic_sender_is_registered() -> None:
    expected = Sender(SenderVerdict.REGISTERED, ("address_registered", "authentic"), "STHLM")

    assert judged() == expected


@pytest.mark.parametrize(
    ("sender", "verdict", "reason"),
    [
        (judged(address=None), SenderVerdict.UNKNOWN, "from_not_usable"),
        (judged(address=None, defects=("no_from",)), SenderVerdict.UNKNOWN, "no_from"),
        (judged(defects=("many_from",)), SenderVerdict.UNKNOWN, "many_from"),
        (judged(region=None), SenderVerdict.UNKNOWN, "address_not_registered"),
        (judged(headers=()), SenderVerdict.UNVERIFIED, "no_result_of_ours"),
        (judged(headers=(FORGED,)), SenderVerdict.UNVERIFIED, "no_result_of_ours"),
        (judged(headers=(FAIL,)), SenderVerdict.UNVERIFIED, "not_authentic"),
    ],
)
def test_every_doubt_keeps_a_sender_from_being_registered(
    sender: Sender, verdict: SenderVerdict, reason: str
) -> None:
    assert sender.verdict is verdict
    assert reason in sender.reasons
    assert sender.region is None


def test_without_our_servers_name_the_register_alone_decides() -> None:
    believed = judged(headers=(FAIL,), authserv_id="")
    stranger = judged(region=None, headers=(PASS,), authserv_id="")

    assert believed.verdict is SenderVerdict.REGISTERED
    assert "authentication_not_configured" in believed.reasons
    assert stranger.verdict is SenderVerdict.UNKNOWN


def test_a_pass_for_the_sender_counts_for_its_own_domain_only() -> None:
    assert judged(address="anna@other.example").verdict is SenderVerdict.UNVERIFIED


SIGNED = OwnCheck(OwnOutcome.ALIGNED, ("signed_by_sender_domain",))
UNSIGNED = OwnCheck(OwnOutcome.NOT_AUTHENTIC, ("not_signed",))
NO_ANSWER = OwnCheck(OwnOutcome.COULD_NOT_CHECK, ("dns_gave_no_answer",))


@pytest.mark.parametrize("authserv_id", [OURS, ""])
@pytest.mark.parametrize(
    ("own_check", "verdict", "reasons"),
    [
        (SIGNED, SenderVerdict.REGISTERED, ("authentic", "signed_by_sender_domain")),
        (UNSIGNED, SenderVerdict.UNVERIFIED, ("not_authentic", "not_signed")),
        (NO_ANSWER, SenderVerdict.UNVERIFIED, ("could_not_check", "dns_gave_no_answer")),
    ],
)
def test_where_our_server_is_silent_our_own_check_decides(
    authserv_id: str, own_check: OwnCheck, verdict: SenderVerdict, reasons: tuple[str, ...]
) -> None:
    sender = judged(headers=(FORGED,), authserv_id=authserv_id, own_check=own_check)

    assert sender.verdict is verdict
    assert sender.reasons == ("address_registered", *reasons)
    assert (sender.region is None) == (verdict is not SenderVerdict.REGISTERED)


@pytest.mark.parametrize("own_check", [SIGNED, UNSIGNED, NO_ANSWER])
def test_our_servers_word_stands_whatever_we_find(own_check: OwnCheck) -> None:
    assert judged(headers=(PASS,), own_check=own_check).verdict is SenderVerdict.REGISTERED
    assert judged(headers=(FAIL,), own_check=own_check).verdict is SenderVerdict.UNVERIFIED


def test_a_signature_makes_no_stranger_registered() -> None:
    assert judged(region=None, own_check=SIGNED).verdict is SenderVerdict.UNKNOWN
    assert judged(address=None, own_check=SIGNED).verdict is SenderVerdict.UNKNOWN


@pytest.mark.parametrize(
    ("headers", "authserv_id", "expected"),
    [
        ((PASS,), OURS, False),
        ((FAIL,), OURS, False),
        ((FORGED,), OURS, True),
        ((), OURS, True),
        ((PASS,), "", True),
    ],
)
def test_our_own_check_is_for_when_our_server_said_nothing(
    headers: tuple[str, ...], authserv_id: str, expected: bool
) -> None:
    assert needs_own_check(headers, authserv_id, "anna@partner.example") is expected


LIKENESS = ("look_alike", "looks_like_registered_domain")


@pytest.mark.parametrize(
    ("address", "region", "headers"),
    [
        (None, None, (PASS,)),
        ("anna@partner.example", None, (PASS,)),
        ("anna@partner.example", "STHLM", (FAIL,)),
        ("anna@partner.example", "STHLM", (PASS,)),
    ],
)
def test_likeness_is_told_and_changes_no_verdict(
    address: str | None, region: str | None, headers: tuple[str, ...]
) -> None:
    without = judged(address=address, region=region, headers=headers)
    with_it = judged(address=address, region=region, headers=headers, likeness=LIKENESS)

    assert with_it == Sender(without.verdict, (*without.reasons, *LIKENESS), without.region)


@pytest.mark.parametrize(
    ("headers", "authserv_id", "is_failed"),
    [
        ((FAIL,), "mx.example.org", True),
        ((FAIL.upper(),), "mx.example.org", True),
        # Only what stands together on top counts: a stranger may write the rest.
        ((PASS, FAIL), "mx.example.org", True),
        ((PASS, FORGED, FAIL), "mx.example.org", False),
        (("mx.evil.example; dmarc=pass", FAIL), "mx.example.org", True),
        ((FAIL.replace("mx.", "mx.evil."),), "mx.example.org", False),
        (("mx.example.org; dmarc=none",), "mx.example.org", False),
        (("mx.example.org; dmarc=temperror",), "mx.example.org", False),
        # A server that says nothing of DMARC, as for a domain without a policy, says no «fail».
        (("mx.example.org; spf=fail; dkim=fail",), "mx.example.org", False),
        (("mx.example.org; spf=pass (dmarc=fail)",), "mx.example.org", False),
        ((PASS, PASS), "mx.example.org", False),
        ((PASS, "mx.example.org; dmarc=none"), "mx.example.org", True),
        (("",), "mx.example.org", True),
        (("",), "", False),
        ((FAIL,), "", False),
        ((), "mx.example.org", False),
    ],
)
def test_only_our_own_server_says_that_a_domain_disowns_a_mail(
    headers: tuple[str, ...], authserv_id: str, is_failed: bool
) -> None:
    for region in ("STHLM", None):
        sender = judge_sender(
            from_address="anna@partner.example",
            from_defects=(),
            registered_region=region,
            authentication_results=headers,
            authserv_id=authserv_id,
        )
        assert (DMARC_FAILED in sender.reasons) is is_failed
