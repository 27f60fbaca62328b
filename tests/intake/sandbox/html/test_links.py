"""Hold how a letter says where its links lead."""

import pytest

from intake.sandbox.html.links import host_of, note_of_link


@pytest.mark.parametrize(
    ("target", "shown", "note"),
    [
        ("https://a.example/x", "Remiss.pdf", "[link to a.example: https://a.example/x]"),
        ("https://a.example/x", "https://a.example/x", ""),
        ("https://a.example/x", "a.example/x", ""),
        ("https://b.example", "https://a.example", "[link to b.example: https://b.example]"),
        (
            "https://iom.int@b.example/x",
            "https://iom.int@b.example/x",
            "[link to b.example: https://iom.int@b.example/x]",
        ),
        ("//a.example/x", "x", "[link to a.example: //a.example/x]"),
        ("mailto:eva@a.example?subject=x", "eva@a.example", ""),
        ("mailto:eva@b.example", "eva@a.example", "[e-mail to eva@b.example]"),
        ("tel:+46812345", "Ring", "[telephone +46812345]"),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fa.example%2Fx&d=1",
            "Remiss.pdf",
            (
                "[link to a.example through eur01.safelinks.protection.outlook.com:"
                " https://a.example/x]"
            ),
        ),
        (
            "https://eur01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)",
            "x",
            (
                "[link to eur01.safelinks.protection.outlook.com:"
                " https://eur01.safelinks.protection.outlook.com/?url=javascript%3Aalert(1)]"
            ),
        ),
        (
            "https://safelinks.protection.outlook.com.b.example/?url=https%3A%2F%2Fa.example",
            "x",
            (
                "[link to safelinks.protection.outlook.com.b.example:"
                " https://safelinks.protection.outlook.com.b.example/?url=https%3A%2F%2Fa.example]"
            ),
        ),
        ("https://a.example/?x=a]b", "x", "[link to a.example: https://a.example/?x=a%5Db]"),
        ("#top", "up", ""),
        ("/here", "x", ""),
        ("cid:a@b", "", ""),
        ("java\nscript:alert(1)", "x", "[link of the kind javascript]"),
        (
            "https://\u0430pple.example/",
            "x",
            (
                "[link to \u0430pple.example (its name has letters beyond a to z):"
                " https://\u0430pple.example/]"
            ),
        ),
        ("https://a.example/[x]", "x", "[link to a.example: https://a.example/%5Bx%5D]"),
        (
            f"https://a.example/{'x' * 5000}",
            "x",
            f"[link to a.example: https://a.example/{'x' * 282}…]",
        ),
    ],
)
def test_a_note_says_where_a_link_leads(target: str, shown: str, note: str) -> None:
    assert note_of_link(target, shown) == note


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("https://A.Example:8080/x", "a.example:8080"),
        ("https://iom.int\\@b.example/", "iom.int"),
        ("https:/\\b.example?iom.int", "b.example"),
        ("https://b%2eexample/", "b.example"),
        ("https://b%02%5b%0a.example/", "b.example"),
        ("https://", ""),
    ],
)
def test_the_host_is_the_one_that_a_browser_finds(address: str, host: str) -> None:
    assert host_of(address) == host
