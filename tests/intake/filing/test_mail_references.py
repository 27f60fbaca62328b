"""Check mail references: codes, damaged codes and threads are found in what a mail says."""

from dataclasses import replace

import pytest

from intake.core.submission_facts import EMPTY_HEADER
from intake.filing.mail_references import damaged_in, searched_text, thread_of
from intake.senders.automatic_mail import REPLY


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SV: Receipt K7M-4QX-9S", ["K7M-4QX-9S"]),
        ("k7m-4qx-9s", ["K7M-4QX-9S"]),
        ("K7M\u20134QX\u20139S", ["K7M-4QX-9S"]),
        ("K7M-4QX-9S och igen K7M-4QX-9S", ["K7M-4QX-9S"]),
        ("ABC-DEF-GH", ["ABC-DEF-GH"]),
        ("K7M-4QX-9T", []),
        ("K7M4QX9S", []),
        ("K7M 4QX 9S", []),
        ("943-222-33", []),
        ("hen-har-en", []),
        ("xK7M-4QX-9S", []),
        ("", []),
    ],
)
def test_a_code_with_a_wrong_symbol_is_found_where_it_is_written_out(
    text: str, found: list[str]
) -> None:
    assert damaged_in(text) == found


def test_no_more_damaged_codes_are_kept_than_anybody_writes() -> None:
    symbols = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    text = " ".join(f"A{one}B-4QX-9{other}" for one in symbols for other in symbols)

    assert len(damaged_in(text, limit=20)) == 20


@pytest.mark.parametrize(
    ("subject", "is_reply"),
    [
        ("SV: Remiss", True),
        ("Sv : Remiss", True),
        ("RE[2]: Remiss", True),
        ("  aw:Remiss", True),
        ("[EXTERN] Re: Remiss", True),
        ("\u200fرد: Remiss", True),
        ("Відп: Remiss", True),
        ("Ynt: Remiss", True),
        ("[EXTERN] Remiss: 1", False),
        ("Відпустка: 1", False),
        ("VB: Remiss", False),
        ("FW: Remiss", False),
        ("Referens: 1", False),
        ("Resvaror: se bilaga", False),
        ("Remiss", False),
    ],
)
def test_a_reply_is_known_by_its_mark(subject: str, is_reply: bool) -> None:
    assert bool(REPLY.match(subject)) == is_reply


def test_a_thread_is_what_the_mail_says_it_follows() -> None:
    facts = replace(EMPTY_HEADER, references=("<a@b>", "<c@d>"), in_reply_to="<e@f>")

    assert thread_of(facts) == ["<a@b>", "<c@d>", "<e@f>"]
    assert thread_of(EMPTY_HEADER) == []
    assert thread_of(replace(EMPTY_HEADER, references=(), in_reply_to="")) == []


def test_codes_are_looked_for_in_subject_and_text() -> None:
    assert searched_text(replace(EMPTY_HEADER, subject="one"), "two") == "one\ntwo"
    assert len(searched_text(EMPTY_HEADER, "x" * 1_000_000)) < 110_000
