"""Hold how a letter says where its links lead."""

import pytest

from intake.sandbox.html.html_text import text_of_html
from intake.sandbox.html.links import host_of, in_base, note_of_link, short_base


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
            "https://urldefense.com/v3/__https://a.example/x__;!!AbC!d$",
            "Akt",
            "[link to a.example through urldefense.com: https://a.example/x]",
        ),
        (
            "https://urldefense.proofpoint.com/v2/url?d=D&u=https-3A__a.example_x-3Fy-3D1&c=E",
            "Akt",
            "[link to a.example through urldefense.proofpoint.com: https://a.example/x?y=1]",
        ),
        (
            "https://urldefense.com.b.example/v3/__https://a.example/x__;!!A$",
            "Akt",
            (
                "[link to urldefense.com.b.example:"
                " https://urldefense.com.b.example/v3/__https://a.example/x__;!!A$]"
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
        ("/\\b.example/x", "x", "[link to b.example: /\\b.example/x]"),
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


def test_the_host_behind_an_endless_address_is_named() -> None:
    note = note_of_link("https://" + "a.example/"[:-1] * 2000 + "@b.example/x", "x")

    assert note.startswith("[link to b.example: https://a.example")
    assert len(note) < 400
    assert note_of_link(" " * 9000 + "https://b.example/", "x").startswith("[link to b.example:")


@pytest.mark.parametrize(
    ("base", "target", "address"),
    [
        ("https://b.example/c/", "d", "https://b.example/c/d"),
        ("https://b.example/c", "/d", "https://b.example/d"),
        ("https://b.example", "https://a.example/", "https://a.example/"),
        ("https://b.example", "mailto:a@a.example", "mailto:a@a.example"),
        ("https:\\\\b.example\\c\\", "d", "https://b.example/c/d"),
        ("https://[", "d", "d"),
        ("https://b.example/" + "c" * 2000, "d", "https://b.example/d"),
    ],
)
def test_links_are_read_from_the_base_of_their_page(base: str, target: str, address: str) -> None:
    assert in_base(short_base(base), target) == address


@pytest.mark.parametrize(
    "markup",
    [
        "<area href=https://b.example/ >",
        "<form action=https://b.example/ >",
        "<form><button formaction=https://b.example/ ></button>",
        "<form><input type=submit formaction=https://b.example/ >",
        "<svg><a xlink:href=https://b.example/ ></a></svg>",
        "<base href=https://b.example><a href=/ ></a>",
        "<a href=/ ></a><base href=https://b.example><base href=https://a.example>",
        f"<a title='{'x' * 9000}' href=https://b.example/ ></a>",
    ],
)
def test_whatever_leads_elsewhere_is_named(markup: str) -> None:
    assert text_of_html(markup) == "[link to b.example: https://b.example/]"
