"""Check a domain's policy is read strictly: what breaks the grammar is none."""

import pytest

from intake.senders.authenticity.dmarc import Alignment, read_alignment


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (b"v=DMARC1; p=none", Alignment.RELAXED),
        (b"v=DMARC1;p=reject;", Alignment.RELAXED),
        (b"v = DMARC1 ; p = Reject ; adkim = R", Alignment.RELAXED),
        (b"v=DMARC1; p=none; rua=mailto:a@b.example,mailto:c@d.example!10m", Alignment.RELAXED),
        (b"v=DMARC1; p=none; adkim=s; aspf=r", Alignment.STRICT),
        (b"v=DMARC1; p=none; adkim=S", Alignment.STRICT),
        (b"v=DMARC1; p=none; adkim=", Alignment.STRICT),
        (b"v=DMARC1; p=none; aspf=s", Alignment.RELAXED),
        (b"v=DMARC1; sp=none", None),
        (b"v=DMARC1; p=all", None),
        (b"v=DMARC10; p=none", None),
        (b"p=none; v=DMARC1", None),
        (b" v=DMARC1; p=none", None),
        (b"v=DMARC1; p=none; p=reject", None),
        (b"v=DMARC1; p=none; adkim=s; adkim=r", None),
        (b"v=DMARC1; p=none; nothing", None),
        (b"v=DMARC1; p=none; rua=\xff", None),
        (b"v=DMARC1; p=none\0; adkim=r", None),
        (b"v=DMARC1; p=none; x=" + b"y" * 1024, None),
        (b"", None),
    ],
)
def test_one_record_says_one_thing(record: bytes, expected: Alignment | None) -> None:
    assert read_alignment((record,)) is expected


def test_other_records_beside_the_policy_do_not_count() -> None:
    assert read_alignment((b"v=spf1 -all", b"v=DMARC1; p=none")) is Alignment.RELAXED


def test_two_policies_are_none() -> None:
    assert read_alignment((b"v=DMARC1; p=none", b"v=DMARC1; p=reject")) is None


def test_no_record_is_no_policy() -> None:
    assert read_alignment(()) is None
