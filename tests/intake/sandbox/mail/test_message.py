"""Hold how messages are taken apart: each leaf once, its place, role and limits (threat B2)."""

import pytest

from intake.sandbox.mail.message import open_mail, read_header
from intake.sandbox.protocol.results import MAX_HEADER_BYTES, MAX_PARTS
from tests.intake.sandbox.bombs import HOSTILE_FIELDS

ROOT = b"From: a@example.org\r\nSubject: s\r\n"


def multipart(kind: bytes, boundary: bytes, *parts: bytes) -> bytes:
    """Return an entity with its header, holding the parts."""
    header = b"Content-Type: multipart/" + kind + b"; boundary=" + boundary + b"\r\n\r\n"
    body = b"".join(b"--" + boundary + b"\r\n" + part + b"\r\n" for part in parts)
    return header + body + b"--" + boundary + b"--\r\n"


def part(media_type: bytes, content: bytes, *fields: bytes) -> bytes:
    """Return an entity of one leaf."""
    return b"\r\n".join((b"Content-Type: " + media_type, *fields, b"", content))


def places(raw: bytes) -> list[tuple[str, str | None, str, str]]:
    """Return path, parent, role and type of each leaf."""
    leaves = open_mail(raw).leaves
    return [(leaf.path, leaf.parent, leaf.role, leaf.claimed_type) for leaf in leaves]


TEXT = part(b"text/plain", b"hello")
HTML = part(b"text/html", b"<p>hello</p>")
LETTER = part(b"text/html", b"<p>hello</p><img src='CID:logo%40x'>")
PDF = part(b"application/pdf", b"%PDF-", b"Content-Disposition: attachment; filename=a.pdf")
PICTURE = part(b"image/png", b"png", b"Content-ID: <logo@x>", b"Content-Disposition: inline")


@pytest.mark.parametrize("raw", [b"", b"\r\n", ROOT, ROOT + b"\r\n"])
def test_empty_message_is_one_empty_body(raw: bytes) -> None:
    leaves = open_mail(raw).leaves

    assert [(leaf.path, leaf.role, leaf.content) for leaf in leaves] == [("1", "body", b"")]


def test_single_part_is_its_body() -> None:
    assert places(ROOT + TEXT) == [("1", None, "body", "text/plain")]


def test_message_that_is_a_pdf_has_one_attachment() -> None:
    assert places(ROOT + PDF) == [("1", None, "attachment", "application/pdf")]


def test_everyday_message_has_body_alternative_picture_and_attachment() -> None:
    related = multipart(b"related", b"r", LETTER, PICTURE)
    raw = ROOT + multipart(
        b"mixed", b"m", multipart(b"alternative", b"a", TEXT, related), PDF, TEXT
    )

    assert places(raw) == [
        ("1.1", None, "body", "text/plain"),
        ("1.2.1", None, "alternative", "text/html"),
        ("1.2.2", None, "inline", "image/png"),
        ("2", None, "attachment", "application/pdf"),
        ("3", None, "inline", "text/plain"),
    ]


def test_a_picture_that_the_letter_does_not_show_is_attached() -> None:
    photo = part(b"image/jpeg", b"jpeg", b"Content-Disposition: inline; filename=IMG_1.jpg")
    words = part(b"text/plain", b"Sent from my telephone")
    other = PICTURE.replace(b"logo@x", b"other@x")
    raw = ROOT + multipart(b"mixed", b"m", LETTER, PICTURE, other, photo, words)

    assert [role for _, _, role, _ in places(raw)] == [
        "body", "inline", "attachment", "attachment", "inline",
    ]  # fmt: skip


def test_a_letter_shows_pictures_of_its_own_message_only() -> None:
    inner = b"Subject: inner\r\n" + multipart(b"mixed", b"i", LETTER)
    raw = ROOT + multipart(b"mixed", b"m", HTML, PICTURE, part(b"message/rfc822", inner))

    assert [role for _, _, role, _ in places(raw)] == ["body", "attachment", "message", "body"]


@pytest.mark.parametrize(
    ("other", "role"),
    [
        (part(b"text/html", b"<p>hello</p>"), "alternative"),
        (part(b"text/enriched", b"<bold>hello</bold>"), "alternative"),
        (part(b"text/x-amp-html", b"<p>hello</p>"), "alternative"),
        (part(b"text/plain; name=list.txt", b"a list"), "attachment"),
        (part(b"text/csv", b"a,b"), "attachment"),
        (part(b"text/calendar; method=REQUEST", b"BEGIN:VCALENDAR"), "attachment"),
        (part(b"application/pdf", b"%PDF-"), "attachment"),
        (part(b"application/pdf; name=a.pdf", b"%PDF-"), "attachment"),
        (part(b"image/jpeg; name=passport.jpg", b"jpeg"), "attachment"),
        (part(b"image/jpeg", b"jpeg", b"Content-ID: <x@x>"), "attachment"),
        (part(b"application/octet-stream", b"?"), "attachment"),
    ],
)
def test_only_another_text_of_the_letter_is_an_alternative(other: bytes, role: str) -> None:
    raw = ROOT + multipart(b"alternative", b"a", TEXT, other)

    assert [each for _, _, each, _ in places(raw)] == ["body", role]


@pytest.mark.parametrize(
    ("fields", "subject", "name"),
    [
        ((), b"Subject: =?utf-8?q?VB=3A_p=C3=A5_engelska?=\r\n", "VB: på engelska.eml"),
        ((b"Content-ID: <a@x>",), b"Subject: x\r\n", "x.eml"),
        ((b"Content-Disposition: attachment; filename=b.eml",), b"Subject: x\r\n", "b.eml"),
        ((), b"X: y\r\n", ""),
        ((), b"Subject: " + b"x" * 20_000 + b"\r\n", "x" * 251 + ".eml"),
    ],
)
def test_an_attached_message_has_a_name(
    fields: tuple[bytes, ...], subject: bytes, name: str
) -> None:
    raw = ROOT + part(b"message/rfc822", subject + b"\r\nhello", *fields)

    assert open_mail(raw).leaves[0].claimed_name == name


def test_half_of_a_file_of_a_mac_is_marked() -> None:
    double = b"\0\5\x16\7\0\2\0\0" + b"Mac OS X".ljust(16) + b"\0\1" + b"\0\0\0\2" + b"\0" * 8
    whole = double.replace(b"\0\1\0\0\0\2", b"\0\1\0\0\0\1")
    halves = [part(b"application/applefile; name=a.pdf", each) for each in (double, whole, b"x")]
    raw = ROOT + multipart(b"appledouble", b"m", *halves)

    assert [leaf.defects for leaf in open_mail(raw).leaves] == [("system_part",), (), ()]


def test_message_in_a_message_is_a_part_and_its_leaves_are_below_it() -> None:
    inner = b"Subject: inner\r\n" + multipart(b"mixed", b"i", TEXT, PDF)
    raw = ROOT + multipart(b"mixed", b"m", TEXT, part(b"message/rfc822", inner))

    opened = open_mail(raw)

    assert places(raw) == [
        ("1", None, "body", "text/plain"),
        ("2", None, "message", "message/rfc822"),
        ("2.1", "2", "body", "text/plain"),
        ("2.2", "2", "attachment", "application/pdf"),
    ]
    assert opened.leaves[1].content == inner
    assert opened.body_text.startswith("hello\n\n[Forwarded mail")


def test_single_part_message_in_a_message_is_numbered_one_below() -> None:
    raw = ROOT + part(b"message/rfc822", b"Subject: x\r\n\r\ninner")

    assert places(raw) == [
        ("1", None, "message", "message/rfc822"),
        ("1.1", "1", "body", "text/plain"),
    ]


def test_base64_message_is_opened_all_the_same() -> None:
    field = b"Content-Transfer-Encoding: base64"
    raw = ROOT + part(b"message/rfc822", b"U3ViamVjdDogeAoKaGVsbG8=", field)

    assert [leaf.content for leaf in open_mail(raw).leaves] == [b"Subject: x\n\nhello", b"hello"]


def test_digest_holds_messages() -> None:
    raw = ROOT + multipart(
        b"digest", b"d", b"\r\nSubject: x\r\n\r\none", b"\r\nSubject: y\r\n\r\ntwo"
    )

    assert [leaf.role for leaf in open_mail(raw).leaves] == ["message", "body", "message", "body"]


def test_multipart_without_its_boundary_is_kept_as_one_part() -> None:
    raw = ROOT + b"Content-Type: multipart/mixed; boundary=x\r\n\r\nall of it"

    assert [leaf.content for leaf in open_mail(raw).leaves] == [b"all of it"]


def test_part_cut_off_is_truncated() -> None:
    raw = ROOT + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n\r\nstart of"

    assert [(leaf.content, leaf.defects) for leaf in open_mail(raw).leaves] == [
        (b"start of", ("truncated",))
    ]


@pytest.mark.parametrize("newline", [b"\r\n", b"\n", b"\r"])
def test_every_line_ending_is_read(newline: bytes) -> None:
    raw = (ROOT + multipart(b"mixed", b"m", TEXT, PDF)).replace(b"\r\n", newline)

    assert [leaf.content for leaf in open_mail(raw).leaves] == [b"hello", b"%PDF-"]


def test_boundary_that_begins_like_another_is_not_the_other() -> None:
    raw = ROOT + multipart(b"mixed", b"b", multipart(b"mixed", b"bb", TEXT, PDF), TEXT)

    assert [path for path, *_ in places(raw)] == ["1.1", "1.2", "2"]


@pytest.mark.parametrize(
    ("fields", "defect"),
    [
        ((b"Content-Transfer-Encoding: base64", b"X: y"), "ambiguous:base64_characters"),
        ((b"Content-Transfer-Encoding: x",), "ambiguous:unknown_encoding"),
        ((b"Content-Type: text/plain",), "duplicate_header"),
    ],
)
def test_defect_stays_with_its_part(fields: tuple[bytes, ...], defect: str) -> None:
    raw = ROOT + multipart(b"mixed", b"m", TEXT, part(b"application/pdf", b"!", *fields))

    assert [leaf.defects for leaf in open_mail(raw).leaves] == [(), (defect,)]


def nested(depth: int, kind: bytes) -> bytes:
    """Return multiparts or messages inside each other."""
    if kind == b"message":
        return b"Content-Type: message/rfc822\r\n\r\n" * depth + b"\r\nx"
    opening = (
        b"Content-Type: multipart/mixed; boundary=%d\r\n\r\n--%d\r\n" % (n, n) for n in range(depth)
    )
    return b"".join(opening) + b"\r\nx"


OVER_LIMITS = [
    (ROOT + nested(21, b"multipart"), "too_deep"),
    (ROOT + nested(3000, b"multipart"), "too_deep"),
    (ROOT + nested(21, b"message"), "too_deep"),
    (ROOT + nested(10_000, b"message"), "too_deep"),
    (ROOT + multipart(b"mixed", b"m", *[b"\r\nx"] * (MAX_PARTS + 1)), "too_many_parts"),
    (ROOT + multipart(b"mixed", b"m", *[b"\r\nx"] * 50_000), "too_many_parts"),
    (ROOT + b"X: " + b"x" * MAX_HEADER_BYTES + b"\r\n\r\nx", "header_too_large"),
    (ROOT + b"X: y\r\n" * 50_000 + b"\r\nx", "header_too_large"),
    (
        ROOT + multipart(b"mixed", b"m", b"X: " + b"x" * MAX_HEADER_BYTES + b"\r\n\r\nx"),
        "header_too_large",
    ),
]


@pytest.mark.parametrize(("raw", "code"), OVER_LIMITS)
def test_message_over_a_limit_has_facts_and_no_parts(raw: bytes, code: str) -> None:
    opened = open_mail(raw)

    assert (opened.flags, opened.leaves) == ((code,), ())
    assert opened.facts.subject == "s"


@pytest.mark.parametrize(
    "raw",
    [
        ROOT + nested(20, b"multipart"),
        ROOT + nested(20, b"message"),
        ROOT + multipart(b"mixed", b"m", *[b"\r\nx"] * MAX_PARTS),
    ],
)
def test_message_at_a_limit_is_opened(raw: bytes) -> None:
    assert open_mail(raw).leaves


@pytest.mark.parametrize(
    "field", HOSTILE_FIELDS, ids=[repr(field[:24]) for field in HOSTILE_FIELDS]
)
def test_hostile_header_is_read_without_an_error(field: bytes) -> None:
    opened = open_mail(field + b"\r\n\r\nhello")

    assert [leaf.content for leaf in opened.leaves] == [b"hello"]


def test_header_alone_is_read_as_far_as_it_fits() -> None:
    raw = ROOT + b"X: " + b"x" * (2 * MAX_HEADER_BYTES)

    facts = read_header(raw)

    assert (facts.claimed_from, facts.from_address) == ("a@example.org", None)
    assert facts.defects == ("header_cut",)


def test_field_that_the_limit_may_have_cut_is_not_read() -> None:
    field = b"Subject: half"
    filling = b"X: " + b"x" * (MAX_HEADER_BYTES - len(field) - 9) + b"\r\n"

    assert read_header(filling + field + b"\r\n and the rest\r\n\r\n").subject == ""


def test_header_that_the_caller_cut_at_the_limit_names_no_sender() -> None:
    field = b"From: a@example.org"
    filling = b"X: " + b"x" * (MAX_HEADER_BYTES - len(field) - 5) + b"\r\n"

    facts = read_header(filling + field)

    assert (facts.from_address, facts.from_defects) == (None, ("no_from",))
    assert facts.defects == ("header_cut",)


def test_sender_is_known_when_only_a_later_limit_was_passed() -> None:
    assert open_mail(ROOT + nested(21, b"multipart")).facts.from_address == "a@example.org"


def test_second_from_behind_a_broken_line_leaves_no_sender() -> None:
    raw = b"From: a@example.org\r\nbroken\r\nFrom: mallory@evil.example\r\n\r\nhello"

    assert open_mail(raw).facts.from_address is None


def test_name_of_a_part_is_the_encoded_one_before_the_plain_one() -> None:
    field = b"Content-Disposition: attachment; filename=p_.pdf; filename*=utf-8''p%C3%A5.pdf"
    leaf = open_mail(ROOT + part(b"application/pdf", b"x", field)).leaves[0]

    assert leaf.claimed_name == "på.pdf"
