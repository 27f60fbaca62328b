"""Hold the strict grammar of From: what has an address, and what has none and why."""

import pytest

from intake.sandbox.mail.from_header import REVERSING, claimed_from, read_sender
from intake.sandbox.mail.message import open_mail
from intake.sandbox.protocol.signs import is_ambiguous

NAMES_ONE_SENDER = [
    (b"alice@example.org", "alice@example.org"),
    (b"<alice@example.org>", "alice@example.org"),
    (b"  Alice <alice@example.org>  ", "alice@example.org"),
    (b"Alice Smith <Alice.Smith@Example.ORG>", "Alice.Smith@example.org"),
    (b"John Q. Public <jqp@example.org>", "jqp@example.org"),
    (b'"Smith, Alice" <alice@example.org>', "alice@example.org"),
    (b'"Al\\"ice" <alice@example.org>', "alice@example.org"),
    (b'"boss@agency.example" <mallory@evil.example>', "mallory@evil.example"),
    (b'"boss <boss@agency.example>" <mallory@evil.example>', "mallory@evil.example"),
    (b"=?utf-8?q?=C3=85sa?= <asa@example.org>", "asa@example.org"),
    (b"=?utf-8?q?boss=40agency=2Eexample?= <mallory@evil.example>", "mallory@evil.example"),
    ("Åsa Öberg <asa@example.org>".encode(), "asa@example.org"),
    (b"asa@xn--exmple-cua.org", "asa@xn--exmple-cua.org"),
    (b"a+tag_1@mail.sub.example.org", "a+tag_1@mail.sub.example.org"),
    (b"noreply@localhost", "noreply@localhost"),
    (b"alice\t<alice@example.org>", "alice@example.org"),
    # comments and old-style names
    (b"Alice Smith (North Region) <alice@example.org>", "alice@example.org"),
    (b"alice@example.org (Alice)", "alice@example.org"),
    (b"(North) alice@example.org (Alice (Dr.))", "alice@example.org"),
    (b"Alice <alice@example.org (at work)> (Region)", "alice@example.org"),
    (b"=?utf-8?q?Alice_(North)?= <alice@example.org>", "alice@example.org"),
    # marks of gateways
    (b"[EXTERN] Alice <alice@example.org>", "alice@example.org"),
    (b"[External Sender]: Smith, Alice <alice@example.org>", "alice@example.org"),
    (b"EXTERN: Alice <alice@example.org>", "alice@example.org"),
    # names without quotes
    (b"Smith, Alice <alice@example.org>", "alice@example.org"),
    (b"Smith, Alice, Dr. <alice@example.org>", "alice@example.org"),
    (b"alice@example.org <alice@example.org>", "alice@example.org"),
    (b"Alice@Example.org <alice@example.org>", "alice@example.org"),
    (b"'alice@example.org' <alice@example.org>", "alice@example.org"),
    (b"Smith | North; office <alice@example.org>", "alice@example.org"),
    (b"Alice @ North <alice@example.org>", "alice@example.org"),
    (b"Alice [mailto:Alice@example.org] <alice@example.org>", "alice@example.org"),
    # the same address in a comment
    (b"Alice (alice@example.org) <alice@example.org>", "alice@example.org"),
    (b"alice@example.org ( Alice@Example.org )", "alice@example.org"),
    # what stands behind
    (b"Alice <alice@example.org>,", "alice@example.org"),
    (b"Alice <alice@example.org> ;", "alice@example.org"),
    (b"alice@example.org, ,", "alice@example.org"),
    (b"Alice <alice@example.org> [EXTERN]", "alice@example.org"),
    (b"Alice <alice@example.org> [EXTERN];", "alice@example.org"),
    # a quoted local part that needs no quotes, and a group of one
    (b'Alice <"alice.smith"@example.org>', "alice.smith@example.org"),
    (b'"alice"@example.org', "alice@example.org"),
    (b"Friends: Alice <alice@example.org>;", "alice@example.org"),
    (b"Friends: alice@example.org;", "alice@example.org"),
    # letters of older charsets, joiners and marks of direction
    (b"\xe5sa \x96 <asa@example.org>", "asa@example.org"),
    ("\u200fרות\u200f <ruth@example.org>".encode(), "ruth@example.org"),
    ("می\u200cخواهم <omid@example.org>".encode(), "omid@example.org"),
    # what is not seen, as names are copied with it, and what address books put around them
    *(
        (f"{before}Alice{behind} Smith <alice@example.org>".encode(), "alice@example.org")
        for before, behind in (
            ("\u200b", ""),
            ("", "\u00ad"),
            ("\ufeff", ""),
            ("\u202a", "\u202c"),
            ("\u2066", "\u2069"),
            ("\u2068", "\u2069"),
            ("", "\u2060"),
        )
    ),
    # marks that turn a name round, as address books in Hebrew and Arabic put them
    *(
        (f"{before}רות{behind} <ruth@example.org>".encode(), "ruth@example.org")
        for before, behind in (
            ("\u2067", "\u2069"),
            ("\u202b", "\u202c"),
            ("\u202e", "\u202c"),
            ("\u202d", ""),
            ("", "\u202e"),
        )
    ),
    ('"\u202eAlice\u202c" <alice@example.org>'.encode(), "alice@example.org"),
    ("Alice <alice@example.org> (\u202bNorth\u202c)".encode(), "alice@example.org"),
    # internationalised domains
    ("alice@exämple.org".encode(), "alice@xn--exmple-cua.org"),
    ("Alice <alice@EXÄMPLE.org>".encode(), "alice@xn--exmple-cua.org"),
    ("a@пример.example".encode(), "a@xn--e1afmkfd.example"),
    ("alice@exa\u0308mple.org".encode(), "alice@xn--exmple-cua.org"),
    # domains as DNS knows them
    (b"alice@example.org.", "alice@example.org"),
    (b"Alice <alice@Example.ORG.>", "alice@example.org"),
    (b"alice@mail_gw.example.org", "alice@mail_gw.example.org"),
    (b"alice@_mail.example.org", "alice@_mail.example.org"),
    # local parts of other scripts
    ("Åsa <åsa.öberg@example.org>".encode(), "åsa.öberg@example.org"),
    ("a\u030asa@example.org".encode(), "\u00e5sa@example.org"),
    ("олена@example.org".encode(), "олена@example.org"),
    ("สมชาย@example.org".encode(), "สมชาย@example.org"),
    ("олена@пример.example".encode(), "олена@xn--e1afmkfd.example"),
    ("аlice@example.org".encode(), "аlice@example.org"),  # a Cyrillic letter: somebody else
    # the way that a mail once took
    (b"<@relay.example:alice@example.org>", "alice@example.org"),
    (b"Alice <@one.example,@two.example:alice@example.org>", "alice@example.org"),
    (b"<@example.org:mallory@evil.example>", "mallory@evil.example"),
    # slips of programs, where one address alone can be meant
    (b"Alice <<alice@example.org>>", "alice@example.org"),
    (b"<<<alice@example.org>>", "alice@example.org"),
    (b"< <alice@example.org> >", "alice@example.org"),
    (b"Alice <alice@example.org>>", "alice@example.org"),
    (b"Alice <alice@example.org", "alice@example.org"),
    (b"<alice@example.org", "alice@example.org"),
    (b"Alice alice@example.org>", "alice@example.org"),
    (b'"Alice Smith <alice@example.org>', "alice@example.org"),
    (b'Alice Smith" <alice@example.org>', "alice@example.org"),
    (b'"Alice" Smith" <alice@example.org>', "alice@example.org"),
    (b'"Alice <alice@example.org', "alice@example.org"),
    (b"Alice (North <alice@example.org>", "alice@example.org"),
    (b"Alice North) <alice@example.org>", "alice@example.org"),
    (b"Alice <alice@example.org> (North", "alice@example.org"),
    (b"alice@example.org (Alice", "alice@example.org"),
    (b"Alice <mailto:alice@example.org>", "alice@example.org"),
    (b"mailto:alice@example.org", "alice@example.org"),
    (b"MAILTO: alice@example.org", "alice@example.org"),
    (b"alice@example.org <mailto:alice@example.org>", "alice@example.org"),
    (b"Alice Smith alice@example.org", "alice@example.org"),
    (b'"Smith, Alice" alice@example.org', "alice@example.org"),
    (b"Alice (North) alice@example.org (office)", "alice@example.org"),
    ("Åsa Öberg asa@example.org".encode(), "asa@example.org"),
    (b"=?utf-8?q?=C3=85sa?= asa@example.org", "asa@example.org"),
]

SAME_TWICE = [
    [b"alice@example.org", b"alice@example.org"],
    [b"Alice <alice@example.org>"] * 3,
    [b"Alice <alice@example.org>", b"alice@Example.org"],
]

NAMES_NOBODY = [
    ([], "no_from"),
    ([b""], "bad_syntax"),
    ([b"alice@example.org", b"mallory@evil.example"], "many_from_headers"),
    ([b"alice@example.org", b"Alice@example.org"], "many_from_headers"),
    ([b"alice@example.org", b"alice@example.org", b"bob@evil.org"], "many_from_headers"),
    ([b"alice@example.org", b""], "many_from_headers"),
    ([b"alice@example.org"] * 6, "many_from_headers"),
    # slips beside a second address, or which cut one in two
    ([b"<@relay.example:alice@example.org, bob@evil.org>"], "bad_syntax"),
    ([b"<@bob@evil.org:alice@example.org>"], "bad_syntax"),
    ([b"Bob bob@evil.org <<alice@example.org>>"], "bad_syntax"),
    ([b"<alice@example.org <bob@evil.org"], "bad_syntax"),
    ([b'"bob@evil.org <alice@example.org>'], "bad_syntax"),
    ([b"Alice (bob@evil.org <alice@example.org>"], "bad_syntax"),
    ([b"=?utf-8?q?bob=40evil=2Eorg?= alice@example.org"], "encoded_address"),
    (["bob＠evil.org alice@example.org".encode()], "bad_syntax"),
    # letters that nobody sees
    (["ali\u034fce@example.org".encode()], "bad_syntax"),
    (["ali\u115fce@example.org".encode()], "bad_syntax"),
    (["ali\U000e0100ce@example.org".encode()], "bad_syntax"),
    ([b"alice@example.org <mailto:bob@evil.org>"], "bad_syntax"),
    ([b'bob"alice@example.org'], "bad_syntax"),
    ([b'alice@example.org"evil'], "bad_syntax"),
    ([b"alice)@example.org"], "bad_syntax"),
    ([b"alice <@example.org"], "bad_syntax"),
    ([b"Alice <alice@example.org, Bob"], "bad_syntax"),
    ([b"alice@example.org)bob@evil.org"], "bad_syntax"),  # CVE-2023-27043
    ([b"alice@example.org(bob@evil.org"], "bad_syntax"),
    ([b"alice@example.org]bob@evil.org"], "bad_syntax"),
    ([b"alice@example.org<bob@evil.org>"], "bad_syntax"),
    ([b"alice@example.org <bob@evil.org>"], "bad_syntax"),
    ([b"<alice@example.org> <bob@evil.org>"], "bad_syntax"),
    ([b"alice@example.org, bob@evil.org"], "many_mailboxes"),
    ([b"Alice <alice@example.org>, Bob <bob@evil.org>"], "many_mailboxes"),
    ([b"friends: alice@example.org, bob@evil.org;"], "bad_syntax"),
    ([b"undisclosed-recipients:;"], "bad_syntax"),
    ([b"Friends: Alice <alice@example.org>, Bob <bob@evil.org>;"], "bad_syntax"),
    ([b"Friends: alice@example.org; bob@evil.org"], "bad_syntax"),
    ([b"Friends: alice@example.org;, Others: bob@evil.org;"], "bad_syntax"),
    ([b"alice@example.org: bob@evil.org;"], "bad_syntax"),
    ([b"alice@example.org; bob@evil.org"], "bad_syntax"),
    ([b"alice@example.org; <bob@evil.org>"], "bad_syntax"),
    ([b"Alice <alice@example.org> [bob@evil.org]"], "bad_syntax"),
    ([b"Alice <alice@example.org> [EXTERN] bob@evil.org"], "bad_syntax"),
    ([b"alice@example.org[EXTERN]"], "bad_syntax"),
    ([b"bob @ evil.org <alice@example.org>"], "bad_syntax"),
    ([b"bob @evil <alice@example.org>"], "bad_syntax"),
    ([b"bob@ evil <alice@example.org>"], "bad_syntax"),
    ([b"bob @ <alice@example.org>"], "bad_syntax"),
    ([b"Bob [mailto:bob@evil.org] <alice@example.org>"], "bad_syntax"),
    ([b"Alice (bob@evil.org) <alice@example.org>"], "bad_syntax"),
    ([b"Alice (alice@example.org, bob@evil.org) <alice@example.org>"], "many_mailboxes"),
    ([b"Alice (bob\\@evil.org) <alice@example.org>"], "bad_syntax"),
    ([b"Alice (alice@(x)example.org) <alice@example.org>"], "bad_syntax"),
    ([b"Alice (<alice@example.org>) <alice@example.org>"], "bad_syntax"),
    ([b'Alice <"alice@evil.org"@example.org>'], "bad_syntax"),
    ([b'Alice <bob"alice"@example.org>'], "bad_syntax"),
    ([b'Alice <"ali\\ce"@example.org>'], "bad_syntax"),
    ([b'"alice"@example.org <bob@evil.org>'], "bad_syntax"),
    ([b"alice@example.org (bob@evil.org)"], "bad_syntax"),
    ([b"alice@evil.org(@example.org)"], "bad_syntax"),
    ([b"alice(x)@example.org"], "bad_syntax"),
    ([b"alice@example(x).org"], "bad_syntax"),
    ([b"(<alice@example.org>) <bob@evil.org>"], "bad_syntax"),
    ([b"Alice (a\\) <alice@example.org>"], "bad_syntax"),
    ([b"[alice@example.org] <bob@evil.org>"], "bad_syntax"),
    ([b"[EXTERN Alice <alice@example.org>"], "bad_syntax"),
    ([b"Alice] <alice@example.org>"], "bad_syntax"),
    ([b"alice@example.org, <alice@example.org>"], "many_mailboxes"),
    ([b"alice@example.org, Bob <bob@evil.org>"], "many_mailboxes"),
    ([b"Alice <alice@example.org> bob@evil.org"], "bad_syntax"),
    ([b"Alice <alice@example.org> Bob"], "bad_syntax"),
    ([b"alice@example.org.evil <alice@example.org>"], "bad_syntax"),
    ([b"alice@example.org: <bob@evil.org>"], "bad_syntax"),
    ([b"Smith, alice@example.org"], "bad_syntax"),
    ([b"=?utf-8?q?A=0D=0ABcc:?= <alice@example.org>"], "bad_syntax"),
    ([b'"\x81\\" <bob@evil.org> "" <alice@example.org>'], "bad_syntax"),
    ([b"alice@ex\xe4mple.org"], "bad_syntax"),  # which letter it is nobody knows
    (["alice@straße.example".encode()], "bad_syntax"),
    (["alice@ｅxample.org".encode()], "bad_syntax"),
    (["alice@exa\u3002mple.org".encode()], "bad_syntax"),
    (["alice@exa\u200cmple.org".encode()], "bad_syntax"),
    (["alice@example.org\u200f".encode()], "bad_syntax"),
    ([b'"alice bob"@example.org'], "bad_syntax"),
    ([b"alice@[192.0.2.1]"], "bad_syntax"),
    ([b"alice@example..org"], "bad_syntax"),
    ([b".alice@example.org"], "bad_syntax"),
    ([b"alice@-example.org"], "bad_syntax"),
    ([b"alice@example.org.."], "bad_syntax"),
    ([b"alice@."], "bad_syntax"),
    (["ａlice@example.org".encode()], "bad_syntax"),
    (["ali\u200cce@example.org".encode()], "bad_syntax"),
    (["alice\u200f@example.org".encode()], "bad_syntax"),
    (["al→ice@example.org".encode()], "bad_syntax"),
    (["al\u00a0ice@example.org".encode()], "bad_syntax"),
    ([b"\xe5sa@example.org"], "bad_syntax"),
    (["å".encode() * 33 + b"@example.org"], "too_long"),
    ([b"alice@evil@example.org"], "bad_syntax"),
    ([b"alice"], "bad_syntax"),
    ([b"Alice <>"], "bad_syntax"),
    ([b"=?utf-8?q?alice=40example=2Eorg?="], "encoded_address"),
    ([b"=?utf-8?q?alice?=@example.org"], "encoded_address"),
    ([b"Alice <=?utf-8?q?alice?=@example.org>"], "encoded_address"),
    ([b"alice@example.org\r\nFrom: bob@evil.org"], "control_characters"),
    ([b"alice@example.org\0@evil.org"], "control_characters"),
    ([b"alice\x7f@example.org"], "control_characters"),
    (["a\u2028b <alice@example.org>".encode()], "control_characters"),
    # marks that turn text round, within an address or around what looks like one
    (["<\u202ealice@example.org>".encode()], "bad_syntax"),
    (["Alice <alice@example.org\u202c>".encode()], "bad_syntax"),
    (["Alice <alice\u202e@example.org>".encode()], "bad_syntax"),
    (["Alice <alice@exa\u2067mple.org>".encode()], "bad_syntax"),
    *(
        ([f"Alice <alice@exa{mark}mple.org>".encode()], "bad_syntax")
        for mark in "\u061c\u200b\u202b\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
    ),
    (["\u202ealice@example.org".encode()], "bad_syntax"),
    (["\u202egro.elpmaxe@ecila <mallory@evil.example>".encode()], "bad_syntax"),
    (["\u2067alice@example.org\u2069 <mallory@evil.example>".encode()], "bad_syntax"),
    (["alice@example.org\u202e, <mallory@evil.example>".encode()], "many_mailboxes"),
    (["alice@example.org\u202e <mallory@evil.example>".encode()], "bad_syntax"),
    (["Alice <al\u200bice@example.org>".encode()], "bad_syntax"),
    (["Alice <alice@exam\u00adple.org>".encode()], "bad_syntax"),
    ([b"a" * 65 + b"@example.org"], "too_long"),
    ([b"x" * 2001], "too_long"),
    ([b"(" * 1000], "bad_syntax"),
    ([b'"' * 1999], "bad_syntax"),
]


@pytest.mark.parametrize(("value", "address"), NAMES_ONE_SENDER)
def test_one_plain_mailbox_is_the_sender(value: bytes, address: str) -> None:
    assert read_sender([value]) == (address, ())


@pytest.mark.parametrize(("values", "defect"), NAMES_NOBODY)
def test_anything_else_has_no_address(values: list[bytes], defect: str) -> None:
    assert read_sender(values) == (None, (defect,))


@pytest.mark.parametrize("values", SAME_TWICE)
def test_from_that_names_the_same_address_again_is_no_second_sender(values: list[bytes]) -> None:
    assert read_sender(values) == ("alice@example.org", ())


@pytest.mark.parametrize(
    ("block_defect", "defect"),
    [
        ("nul", "control_characters"),
        ("bare_cr", "control_characters"),
        ("line_without_colon", "header_broken"),
        ("header_cut", "header_broken"),
    ],
)
def test_block_that_can_hide_a_second_from_has_no_address(block_defect: str, defect: str) -> None:
    assert read_sender([b"a@example.org"], [block_defect]) == (None, (defect,))


@pytest.mark.parametrize(
    ("value", "is_turned"),
    [
        ("\u2067רות\u2069 <ruth@example.org>", True),
        ("a\u202eb <ruth@example.org>", True),
        ("=?utf-8?q?a=E2=80=AEb?= <ruth@example.org>", True),
        ("\u202aRuth\u202c <ruth@example.org>", False),
        ("רות <ruth@example.org>", False),
    ],
)
def test_marks_that_turn_a_name_round_are_said_and_hold_nothing(
    value: str, *, is_turned: bool
) -> None:
    opened = open_mail(f"From: {value}\r\n\r\nHej".encode())

    assert ("name_reversed" in opened.flags) is is_turned
    assert not is_ambiguous(opened.flags)
    assert opened.facts.from_address == "ruth@example.org"
    assert opened.facts.from_defects == ()
    assert not REVERSING.search(opened.facts.claimed_from)


def test_claimed_from_is_decoded_for_reading_and_keeps_look_alikes() -> None:
    values = [b"=?utf-8?b?w4VzYQ==?= <\xd0\xb0sa@example.org>", b"b@example.org"]

    assert claimed_from(values) == "Åsa <аsa@example.org>, b@example.org"


def test_claimed_from_hides_nothing_and_turns_nothing_round() -> None:
    assert claimed_from(["a\u202eb\u200bc\x07@example.org".encode()]) == "abc@example.org"
