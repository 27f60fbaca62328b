"""Check that whatever a server answers, no mail is passed over unseen and none stops the others."""

from pathlib import Path

import pytest

from intake.core.services import Services
from mailbox.folder_state import FolderMemory
from mailbox.imap_answers import described, listed_numbers
from mailbox.poller import poll_once
from storage.mail import mailboxes
from tests.mailbox.building import stored_bytes
from tests.mailbox.odd_server import OddServer, mail, running

pytestmark = pytest.mark.components

THREE = {1: mail(1), 2: mail(2), 3: mail(3)}
NOT_OURS = b"could not be taken in"


def mails(services: Services) -> list[bytes]:
    return [raw for raw in stored_bytes(services) if NOT_OURS not in raw]


def notices(services: Services) -> list[bytes]:
    return [raw for raw in stored_bytes(services) if NOT_OURS in raw]


def error_of(services: Services) -> str | None:
    with services.database.reading() as session:
        (cursor,) = mailboxes.all_cursors(session)
        return cursor.error


ODD = [
    ("silent", OddServer(dict(THREE), silent={2}), "message_not_described"),
    ("content-nil", OddServer(dict(THREE), bodies={2: "NIL"}), "message_without_content"),
    ("content-empty", OddServer(dict(THREE), bodies={2: '""'}), "message_without_content"),
    ("content-left-out", OddServer(dict(THREE), bodies={2: None}), "message_without_content"),
    ("content-a-number", OddServer(dict(THREE), bodies={2: "7"}), "message_without_content"),
    (
        "no-size-no-content",
        OddServer(dict(THREE), sizes={2: None}, bodies={2: "NIL"}),
        "message_without_content",
    ),
    (
        "line-cut",
        OddServer(dict(THREE), malformed={2: "* 2 FETCH (UID 2 RFC822.SIZE 5"}),
        "message_not_described",
    ),
    (
        "line-uneven",
        OddServer(dict(THREE), malformed={2: "* 2 FETCH (UID 2 FLAGS)"}),
        "message_not_described",
    ),
    (
        "line-no-list",
        OddServer(dict(THREE), malformed={2: "* 2 FETCH what"}),
        "message_not_described",
    ),
    (
        "line-without-uid",
        OddServer(dict(THREE), malformed={2: "* 2 FETCH (RFC822.SIZE 5 FLAGS ())"}),
        "message_not_described",
    ),
    (
        "line-with-anothers-number",
        OddServer(dict(THREE), malformed={2: "* 3 FETCH (RFC822.SIZE 5 FLAGS (\\Deleted))"}),
        "message_not_described",
    ),
    (
        "content-without-uid",
        OddServer(dict(THREE), unnamed={2: 1}),
        "message_without_content",
    ),
    ("content-cut", OddServer(dict(THREE), bodies={2: "{10}\r\nFrom: a@ex"}), "message_cut"),
    ("content-cut-for-good", OddServer(dict(THREE), contents={2: mail(2)[:20]}), "message_cut"),
    ("content-cut-in-quotes", OddServer(dict(THREE), bodies={2: '"From: a@ex"'}), "message_cut"),
    ("content-a-word", OddServer(dict(THREE), bodies={2: "x" * 60}), "message_without_content"),
    ("bye", OddServer(dict(THREE), fatal={2}), "message_breaks_connection"),
    (
        "no-answer-at-all",
        OddServer(dict(THREE), malformed={2: "what is this"}),
        "message_breaks_connection",
    ),
]


@pytest.mark.parametrize(("odd", "code"), [(o, c) for _, o, c in ODD], ids=[n for n, _, _ in ODD])
def test_an_odd_answer_is_named_told_and_stops_no_other_mail(
    tmp_path: Path, services: Services, odd: OddServer, code: str
) -> None:
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)
        named, told = error_of(services), notices(services)
        taken = mails(services)
        odd.mend()
        poll_once(services, mailbox)

    assert (result.failed, result.error, named) == (1, code, code)
    assert taken == [mail(1), mail(3)]
    assert len(told) == 1
    assert b"(UID): 2\r\n" in told[0]
    assert mails(services) == [mail(1), mail(2), mail(3)]
    assert (error_of(services), odd.messages) == (None, {})


@pytest.mark.parametrize("size", [None, "NIL", '"?"', "-5"])
def test_a_message_without_a_size_is_measured(
    tmp_path: Path, services: Services, size: str | None
) -> None:
    odd = OddServer(dict(THREE), sizes={2: size})
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.failed, mails(services)) == (3, 0, [mail(1), mail(2), mail(3)])


def test_content_as_a_literal_of_any_bytes_is_the_content(
    tmp_path: Path, services: Services
) -> None:
    odd = OddServer(dict(THREE), literal="~")
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.failed, mails(services)) == (3, 0, [mail(1), mail(2), mail(3)])


@pytest.mark.parametrize("announced", [60, len(mail(2)) + 1, len(mail(2)) - 7])
def test_a_size_that_is_only_an_estimate_keeps_no_mail_out(
    tmp_path: Path, services: Services, announced: int
) -> None:
    odd = OddServer(dict(THREE), sizes={2: str(announced)})
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.failed, odd.messages) == (3, 0, {})
    assert mails(services) == [mail(1), mail(2), mail(3)]


@pytest.mark.parametrize("search", [(), ("",), ("2",)], ids=["no-line", "empty", "one-of-three"])
def test_what_a_search_leaves_out_is_found_by_its_place(
    tmp_path: Path, services: Services, search: tuple[str, ...]
) -> None:
    odd = OddServer(dict(THREE), search=search)
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.error, odd.messages) == (3, "", {})


@pytest.mark.parametrize("search", [(), ("",), ("1 3",)], ids=["no-line", "empty", "two-of-three"])
def test_what_is_counted_and_listed_nowhere_is_named(
    tmp_path: Path, services: Services, search: tuple[str, ...]
) -> None:
    odd = OddServer(dict(THREE), search=search, unlisted={2})
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)
        named = error_of(services)
        odd.mend()
        poll_once(services, mailbox)

    assert (result.new, result.error, named) == (2, "list_unreadable", "list_unreadable")
    assert (error_of(services), odd.messages) == (None, {})


def test_each_line_of_a_search_counts(tmp_path: Path, services: Services) -> None:
    odd = OddServer(dict(THREE), search=("1", "2 3"))
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.error) == (3, "")


def test_a_search_that_lists_no_number_is_named_and_all_mail_comes_in(
    tmp_path: Path, services: Services
) -> None:
    odd = OddServer(dict(THREE), search=("1 what 3",))
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)

    assert (result.new, result.error) == (3, "list_unreadable")
    assert error_of(services) == "list_unreadable"


def test_the_same_trouble_is_one_notice(tmp_path: Path, services: Services) -> None:
    odd = OddServer(dict(THREE), silent={2})
    with running(odd, tmp_path) as mailbox:
        for _ in range(3):
            poll_once(services, mailbox)

    assert len(notices(services)) == 1


def test_a_server_that_gives_nothing_makes_one_notice_and_not_a_flood(
    tmp_path: Path, services: Services
) -> None:
    odd = OddServer({uid: mail(uid) for uid in range(1, 41)}, silent=set(range(1, 41)))
    with running(odd, tmp_path) as mailbox:
        result = poll_once(services, mailbox)

    (notice,) = notices(services)
    assert result.failed == 40
    assert b"39, 40" in notice


def test_one_break_alone_accuses_no_message() -> None:
    memory = FolderMemory(7, asked=(2,))

    first = memory.note_break()
    memory.asked = (2,)
    second = memory.note_break()

    assert (first, second) == (None, 2)


def test_messages_that_broke_a_connection_come_last_and_alone() -> None:
    memory = FolderMemory(7, breaks={1: 1, 3: 1})

    assert list(memory.groups([1, 2, 3, 4], 200)) == [[2, 4], [1], [3]]


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ([None], ([], True)),
        ([b""], ([], True)),
        ([b"2 1", b"7"], ([1, 2, 7], True)),
        ([b"3 4 (MODSEQ 917162500)"], ([3, 4], True)),
        ([b"1 x 3"], ([1, 3], False)),
        ([b"1", (b"{2}", b"22")], ([1], False)),
        ([b"1 99999999999999999999"], ([1], False)),
    ],
)
def test_numbers_of_a_search_answer(lines: list[object], found: tuple[list[int], bool]) -> None:
    assert listed_numbers(lines) == found


def test_each_line_of_a_fetch_answer_is_read_by_its_own_uid() -> None:
    lines = [
        (b"9 (UID 2 BODY[] {3}", b"Hej"),
        b")",
        b"2 (FLAGS (\\Deleted))",
        b"9 (UID 4 FLAGS ())",
        b"1 (UID 2 FLAGS ())",
        None,
    ]

    found = described(lines[:-1])

    assert set(found) == {2, 4}
    assert (found[2][b"BODY[]"], found[2][b"FLAGS"]) == (b"Hej", ())
    assert described(lines[-1:]) == {}
