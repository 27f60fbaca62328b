"""Hold that a ZIP is read one way only, is opened within its limits, and keeps its passwords."""

import zipfile
import zlib
from dataclasses import replace
from io import BytesIO

import pytest

from intake.sandbox import Duty, Limits, UnpackLimits
from tests.intake.sandbox.conftest import MakeJail, ProbedJail
from tests.intake.sandbox.containers.unpacking import answer, contents, unpack
from tests.samples.files.archives import LINK_ATTRIBUTES, MIB, TRICKS, nested
from tests.samples.files.packed import STORED, Member, plain_zip, zip_of

DUTIES = (Duty.DOCUMENTS,)
SECRET = "s3cret wörd"


def streamed(files: dict[str, bytes], *, zip64: bool = False) -> bytes:
    """Return an archive as written to a pipe, its sizes behind the members."""

    class Pipe(BytesIO):
        def seekable(self) -> bool:
            return False

    target = Pipe()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            with archive.open(name, "w", force_zip64=zip64) as member:
                member.write(content)
    return target.getvalue()


def test_members_come_out_with_steps_for_people(jail: ProbedJail) -> None:
    unpacked = unpack(jail, plain_zip({"Scans/2026/pass.pdf": b"%PDF-", "note.txt": b"hello"}))

    assert answer(unpacked) == ("opened", "")
    assert contents(unpacked) == {"Scans › 2026 › pass.pdf": b"%PDF-", "note.txt": b"hello"}
    assert [child.claimed_name for child in unpacked.children] == ["pass.pdf", "note.txt"]


@pytest.mark.parametrize(
    ("names", "codec"),
    [
        (["Remiss Åsa.pdf"], "cp1252"),
        (["Remiss Åsa.pdf", "Östen.pdf"], "cp850"),
        (["Паспорт.pdf", "Документи.pdf"], "cp866"),
        (["Паспорт Олени.pdf"], "cp1251"),
        (["جواز السفر.pdf", "تقرير طبي.pdf"], "cp720"),
        (["جواز السفر.pdf", "تقرير طبي.pdf"], "cp1256"),
        (["جواز.pdf"], "iso8859-6"),
        (["گذرنامه.pdf", "پرونده.pdf"], "cp1256"),
        (["דרכון.pdf", "תעודה.pdf"], "cp862"),
        (["דרכון.pdf"], "cp1255"),
        (["Διαβατήριο.pdf"], "cp1253"),
        (["หนังสือเดินทาง.pdf"], "cp874"),
        (["Zaświadczenie.pdf", "Paszport żony.pdf"], "cp852"),
        (["护照的电话.pdf"], "gbk"),
        (["Åsa.pdf"], "utf-8"),
    ],
)
def test_names_are_read_in_the_code_page_of_their_packer(
    jail: ProbedJail, names: list[str], codec: str
) -> None:
    # The name's bytes are put in behind the library, which would say that it is UTF-8.
    places = [
        ("x" * (len(name.encode(codec)) - 2) + f"{number:02}") for number, name in enumerate(names)
    ]
    content = plain_zip(dict.fromkeys(places, b"hello"))
    for place, name in zip(places, names, strict=True):
        content = content.replace(place.encode(), name.encode(codec))

    unpacked = unpack(jail, content)

    assert [child.claimed_name for child in unpacked.children] == names


def test_name_in_unicode_stands_for_the_one_in_an_old_alphabet(jail: ProbedJail) -> None:
    old, new = "Паспорт.pdf".encode("cp866"), "Паспорт.pdf".encode()
    extra = b"\1" + zlib.crc32(old).to_bytes(4, "little") + new
    field = (0x7075).to_bytes(2, "little") + len(extra).to_bytes(2, "little") + extra
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        info = zipfile.ZipInfo("x" * len(old))
        info.extra = field
        archive.writestr(info, b"hello")
    content = target.getvalue().replace(b"x" * len(old), old)

    assert [child.claimed_name for child in unpack(jail, content).children] == ["Паспорт.pdf"]


@pytest.mark.parametrize("name", list(TRICKS))
def test_trick_ends_in_its_reason(jail: ProbedJail, name: str) -> None:
    make, reason = TRICKS[name]

    unpacked = unpack(jail, make())

    assert answer(unpacked) == ("held", reason)
    assert unpacked.children == ()
    assert jail._starts == 1


@pytest.mark.parametrize("zip64", [False, True])
def test_archive_from_a_pipe_opens(jail: ProbedJail, zip64: bool) -> None:
    files = {"a.txt": b"hello" * 1000, "b.txt": b""}

    assert contents(unpack(jail, streamed(files, zip64=zip64))) == files


def test_folders_are_left_out_and_a_comment_is_none_of_our_business(jail: ProbedJail) -> None:
    content = zip_of([Member(b"a/", b"", STORED), Member(b"a/b", b"x")], comment=b"made by me")

    assert contents(unpack(jail, content)) == {"a › b": b"x"}


@pytest.mark.parametrize("padding", [bytes(512), b"\r\n", b"\n\0\0"])
def test_padding_behind_an_archive_hides_nothing(jail: ProbedJail, padding: bytes) -> None:
    content = plain_zip({"a.txt": b"a"}) + padding

    assert contents(unpack(jail, content)) == {"a.txt": b"a"}


@pytest.mark.parametrize("behind", [b"x", bytes(9) + b"x", b" "])
def test_anything_else_behind_an_archive_is_held(jail: ProbedJail, behind: bytes) -> None:
    content = plain_zip({"a.txt": b"a"}) + behind

    assert answer(unpack(jail, content)) == ("held", "zip_disagrees")


def test_two_ends_before_padding_are_held(jail: ProbedJail) -> None:
    content = plain_zip({"a.txt": b"a"}) + bytes(9) + plain_zip({"b.txt": b"b"}) + bytes(9)

    assert answer(unpack(jail, content)) == ("held", "zip_disagrees")


def test_empty_archive_opens_to_nothing(jail: ProbedJail) -> None:
    assert answer(unpack(jail, zip_of([]))) == ("opened", "")


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (b"../../etc/passwd", ".. › .. › etc › passwd"),
        (b"/etc/passwd", "etc › passwd"),
        (b"C:\\Windows\\a.exe", "C: › Windows › a.exe"),
        (b"a\xe2\x80\xaefdp.exe", "afdp.exe"),
        (b"//a", "a"),
    ],
)
def test_name_is_text_and_no_path(jail: ProbedJail, name: bytes, path: str) -> None:
    assert list(contents(unpack(jail, zip_of([Member(name, b"x")])))) == [path]


def test_long_name_is_shortened(jail: ProbedJail) -> None:
    [child] = unpack(jail, zip_of([Member(b"a/" * 2000 + b"b" * 3000, b"x")])).children

    assert len(child.path) <= 500
    assert len(child.claimed_name) <= 255


def test_symbolic_link_is_data_with_a_defect(jail: ProbedJail) -> None:
    [child] = unpack(
        jail, zip_of([Member(b"link", b"/etc/passwd", attributes=LINK_ATTRIBUTES)])
    ).children

    assert (child.content, child.defects) == (b"/etc/passwd", ("symlink",))


def test_archive_in_an_archive_is_one_child(jail: ProbedJail) -> None:
    assert list(contents(unpack(jail, nested(17)))) == ["level15.zip"]


@pytest.mark.parametrize("kind", ["password", "aes_password"])
def test_password_opens_what_is_locked_without(jail: ProbedJail, kind: str) -> None:
    files = [Member(b"a.txt", b"hello" * 50), Member(b"b.txt", b"second")]
    old, aes = (SECRET.encode(), None) if kind == "password" else (None, SECRET.encode())
    content = zip_of([replace(member, password=old, aes_password=aes) for member in files])

    assert answer(unpack(jail, content)) == ("locked", "password_needed")
    assert answer(unpack(jail, content, passwords=["x", "y"])) == ("locked", "wrong_password")
    opened = unpack(jail, content, passwords=["x", SECRET])
    assert contents(opened) == {"a.txt": b"hello" * 50, "b.txt": b"second"}
    assert SECRET not in repr(opened)


def test_many_wrong_passwords_never_open(jail: ProbedJail) -> None:
    content = zip_of([Member(b"a.txt", b"hello" * 50, password=SECRET.encode())])

    for first in range(30):
        words = [f"{first}-{number}" for number in range(20)]
        assert answer(unpack(jail, content, passwords=words)) == ("locked", "wrong_password")


def test_old_encryption_of_more_than_it_can_undo_in_time_is_held(jail: ProbedJail) -> None:
    members = [Member(b"%d" % number, bytes(13 * MIB), STORED, flags=1) for number in range(2)]

    assert answer(unpack(jail, zip_of(members), passwords=["x"])) == (
        "held", "too_large_to_decrypt",
    )  # fmt: skip


def test_strong_encryption_is_locked_and_said_so(jail: ProbedJail) -> None:
    content = zip_of([Member(b"a", b"a", flags=0x41)])

    assert answer(unpack(jail, content)) == ("locked", "encryption_not_supported")


def test_damaged_member_is_unreadable(jail: ProbedJail) -> None:
    content = bytearray(plain_zip({"a.txt": b"hello world"}, method=STORED))
    content[40] ^= 1

    assert answer(unpack(jail, bytes(content))) == ("unreadable", "zip_damaged")


@pytest.mark.parametrize(
    ("limits", "reason"),
    [
        (UnpackLimits(max_members=1), "too_many_members"),
        (UnpackLimits(max_member_bytes=9), "too_large_unpacked"),
        (UnpackLimits(max_total_bytes=19), "too_large_unpacked"),
        (UnpackLimits(max_ratio=1, min_ratio_bytes=1), "ratio_too_high"),
    ],
)
def test_limits_are_the_callers(jail: ProbedJail, limits: UnpackLimits, reason: str) -> None:
    content = plain_zip({"a": b"a" * 10, "b": b"b" * 10})

    assert answer(jail.unpack(content, "", "", limits=limits)) == ("held", reason)


def test_cut_archive_never_opens(jail: ProbedJail) -> None:
    whole = plain_zip({"a.txt": b"hello", "b.txt": b"x"})

    states = {unpack(jail, whole[:length]).state for length in range(4, len(whole))}

    assert states == {"held"}


def test_bomb_leaves_the_jail_up_and_small(make_jail: MakeJail) -> None:
    jail = make_jail(Limits())
    make, _ = TRICKS["1 GB of zeros"]

    unpack(jail, make())

    assert contents(unpack(jail, plain_zip({"a": b"a"}))) == {"a": b"a"}
    assert jail._starts == 1
