"""Hold 7z, tar and the compressed files, and EICAR in every wrapper of threat S1."""

import bz2
import gzip
import lzma
import os
from io import BytesIO
from tarfile import TarFile, TarInfo

import pytest

from intake.sandbox import Child, Duty, Limits
from mailbox.demo.eicar import eicar
from tests.intake.sandbox.conftest import MakeJail, ProbedJail
from tests.intake.sandbox.containers.unpacking import answer, contents, every, unpack
from tests.samples.files.archives import MIB, PASSWORD, WRAPPERS, seven, tar, tar_gz

DUTIES = (Duty.DOCUMENTS,)
FILES = {"a/b.txt": b"hello", "../c.txt": b"", "d.txt": b"x" * 5000}
SHOWN = {"a › b.txt": b"hello", ".. › c.txt": b"", "d.txt": b"x" * 5000}
ENDS = {"nested 15": "nested_too_deep", "nested 17": "nested_too_deep"}
ENDS |= {"password zip": "password_needed"}


@pytest.mark.parametrize("name", list(WRAPPERS))
def test_eicar_comes_out_or_its_wrapper_says_why_not(jail: ProbedJail, name: str) -> None:
    content = WRAPPERS[name]()

    found = list(every(jail, content, name))

    parts = [part.content for part in found if isinstance(part, Child)]
    reasons = [part for part in found if isinstance(part, str)]
    if name in ENDS:
        assert reasons == [ENDS[name]]
        return
    assert reasons == []
    assert any(eicar() in part for part in [*parts, content])


def test_password_opens_the_wrapper(jail: ProbedJail) -> None:
    opened = unpack(jail, WRAPPERS["password zip"](), passwords=[PASSWORD])

    assert contents(opened) == {"eicar.com": eicar()}


def test_seven_opens_and_its_names_are_text(jail: ProbedJail) -> None:
    files = {"a/b.txt": b"hello", "d.txt": b"x" * 5000, "e.txt": b""}

    assert contents(unpack(jail, seven(files))) == {
        "a › b.txt": b"hello", "d.txt": b"x" * 5000, "e.txt": b"",
    }  # fmt: skip


def test_locked_seven_opens_under_its_password(jail: ProbedJail) -> None:
    content = seven({"a.txt": b"hello"}, PASSWORD)

    assert answer(unpack(jail, content)) == ("locked", "password_needed")
    assert answer(unpack(jail, content, passwords=["x"])) == ("locked", "wrong_password")
    assert contents(unpack(jail, content, passwords=["x", PASSWORD])) == {"a.txt": b"hello"}


def test_seven_bomb_is_held_by_its_listing(jail: ProbedJail) -> None:
    assert answer(unpack(jail, seven({"a": bytes(101 * MIB)}))) == ("held", "too_large_unpacked")
    assert answer(unpack(jail, seven({"a": bytes(50 * MIB)}))) == ("held", "ratio_too_high")


def test_cut_seven_is_unreadable(jail: ProbedJail) -> None:
    whole = seven({"a.txt": b"hello"})

    states = {unpack(jail, whole[:length]).state for length in range(6, len(whole), 7)}

    assert states == {"unreadable"}


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_tar_opens_through_its_compression(jail: ProbedJail, pack: object) -> None:
    assert callable(pack)

    assert contents(unpack(jail, pack(tar(FILES)))) == SHOWN


def test_links_are_left_out_with_a_flag(jail: ProbedJail) -> None:
    unpacked = unpack(jail, tar({"a": b"x"}, {"link": "/etc/passwd"}))

    assert contents(unpacked) == {"a": b"x"}
    assert unpacked.flags == ("links_left_out",)


def test_sparse_member_is_held(jail: ProbedJail) -> None:
    target = BytesIO()
    member = TarInfo("sparse")
    member.pax_headers = {"GNU.sparse.size": str(10**12), "GNU.sparse.numblocks": "0"}
    with TarFile(fileobj=target, mode="w") as archive:
        archive.addfile(member)

    assert answer(unpack(jail, target.getvalue())) == ("held", "sparse_member")


def test_member_larger_than_the_archive_is_unreadable(jail: ProbedJail) -> None:
    assert answer(unpack(jail, tar({"a": b"x" * 5000})[:2000])) == ("unreadable", "archive_damaged")


def test_bytes_behind_an_unreadable_header_are_not_hidden(jail: ProbedJail) -> None:
    content = tar({"a": b"x"})[:1024] + b"#" * 512 + tar({"b": b"y"})

    assert answer(unpack(jail, content)) == ("held", "data_after_end")


def test_compressed_file_keeps_its_name(jail: ProbedJail) -> None:
    named = BytesIO()
    with gzip.GzipFile("list.txt", "w", fileobj=named) as packed:
        packed.write(b"hello")

    assert contents(unpack(jail, named.getvalue(), "other.gz")) == {"list.txt": b"hello"}
    assert contents(unpack(jail, bz2.compress(b"hello"), "b.txt.bz2")) == {"b.txt": b"hello"}


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
def test_compressed_bombs_end_by_a_limit(jail: ProbedJail, pack: object) -> None:
    assert callable(pack)

    unpacked = unpack(jail, pack(bytes(200 * MIB)))

    assert unpacked.state == "held"
    assert unpacked.reason in ("ratio_too_high", "too_large_unpacked")


def test_members_are_measured_one_by_one_and_all_together(make_jail: MakeJail) -> None:
    jail = make_jail(Limits())
    files = {"a": os.urandom(MIB) * 60, "b": os.urandom(MIB) * 60}
    too_many = {**files, **{f"{number}": files["a"] for number in range(3)}}

    assert contents(unpack(jail, gzip.compress(tar(files), 1))) == files
    assert answer(unpack(jail, tar(too_many))) == ("held", "too_large_unpacked")


def test_data_behind_a_compressed_file_is_held(jail: ProbedJail) -> None:
    content = gzip.compress(b"hello")

    assert answer(unpack(jail, content + b"hidden")) == ("held", "data_after_end")
    assert contents(unpack(jail, content + bytes(100), "a.gz")) == {"a": b"hello"}
    assert contents(unpack(jail, content * 2, "a.gz")) == {"a": b"hellohello"}


@pytest.mark.parametrize("magic", [b"Rar!\x1a\x07\x00", b"MSCF", b"\x60\xea"])
def test_archive_that_nothing_opens_is_held(jail: ProbedJail, magic: bytes) -> None:
    assert answer(unpack(jail, magic + bytes(50))) == ("held", "archive_not_supported")


def test_document_is_no_container(jail: ProbedJail) -> None:
    for content in (b"hello", b"", b"\x89PNG\r\n\x1a\n" + bytes(50), b"Dear all:\r\n\r\nhello"):
        assert answer(unpack(jail, content)) == ("not_a_container", "")


def test_tar_gz_opens_by_its_claimed_name_too(jail: ProbedJail) -> None:
    assert contents(unpack(jail, tar_gz(FILES), "x.tgz")) == SHOWN
