"""Hold how a message body of several texts is put together and looked into."""

import pytest

from intake.sandbox.protocol.body_text import (
    FORWARDED,
    HEADING,
    ONLY_IN_FORMATTED,
    ONLY_IN_PLAIN,
    WITHIN_PART,
    beginnings,
    with_inner,
)


@pytest.mark.parametrize(
    "heading",
    [
        ONLY_IN_PLAIN,
        ONLY_IN_FORMATTED,
        FORWARDED.format(" Remiss, from Eva"),
        WITHIN_PART.format("a.p7m"),
    ],
)
def test_a_heading_begins_a_text(heading: str) -> None:
    assert HEADING.fullmatch(heading)
    assert "akut" in beginnings(f"{'x' * 500}\n\n{heading}\nakut", 400)


def test_a_beginning_has_no_notes_of_ours() -> None:
    note = f"[link to a.example: https://a.example/{'x' * 280}]"

    assert beginnings(f"a {note}\n{note} akut", 20).split() == ["a", "akut"]


SIGNED = (
    "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA512\n\nRing mig.\n- -- \nEva\n"
    "-----BEGIN PGP SIGNATURE-----\n\niQ==\n-----END PGP SIGNATURE-----"
)


def test_a_clear_signed_letter_is_read_once() -> None:
    body = f"Above\n{SIGNED}\nBelow"

    assert with_inner(body, [("a part", "Ring mig.\n-- \nEva\n")], 500) == (
        "Above\nRing mig.\n-- \nEva\nBelow"
    )


@pytest.mark.parametrize("body", [SIGNED, SIGNED[:-9], SIGNED * 2])
def test_a_letter_that_was_not_the_signed_one_stays(body: str) -> None:
    whole = with_inner(body, [("a part", "Something else")], 5000)

    assert whole == f"{body}\n\n[Text inside a part:]\nSomething else"


@pytest.mark.parametrize(
    ("body", "inner", "whole"),
    [
        ("", [("smime.p7m", "AKUT")], "AKUT"),
        (" \n", [("a.eml", "one"), ("b.eml", "two")], "one\n\n[Text inside b.eml:]\ntwo"),
        ("hello\n", [("a.eml", "one")], "hello\n\n[Text inside a.eml:]\none"),
        ("hello", [("a.eml", " hello\n"), ("b.eml", "")], "hello"),
        ("hello", [], "hello"),
        ("", [("a.eml", "x" * 300)], "x" * 50),
    ],
)
def test_a_text_inside_a_part_stands_by_the_body(
    body: str, inner: list[tuple[str, str]], whole: str
) -> None:
    assert with_inner(body, inner, 50) == whole
