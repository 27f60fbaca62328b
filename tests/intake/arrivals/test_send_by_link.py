"""Check sending by a link.

One submission whatever happens at once, before a person, with its case.
"""

import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import drafts, link_holders, links, send_by_link, whole_files
from intake.arrivals.link_holders import Held, LinkInUse, LinkOver, SentByLink
from intake.arrivals.links import LinkRequest
from intake.core.services import Services
from intake.filing.file import file_submission
from intake.outbox.mail_texts import MailTexts
from intake.triage import read_submission
from storage import audit
from storage.cases import filing_acts
from storage.cases.cases import Case
from storage.submissions import queue_items, submissions
from storage.submissions.submissions import Submission
from tests.support.building import MAIL_TEXTS
from tests.support.people import plant_user
from tests.support.rows import Planter

TEXTS = MailTexts(MAIL_TEXTS)
AT_ONCE = 50


@dataclass(frozen=True)
class Desk:
    """An officer with a case, a waiting submission, and links for both."""

    services: Services
    officer: SignedInUser
    case: str
    waiting: str

    def link(self, reference: str) -> str:
        """Make a link and return its token."""
        link_request = LinkRequest(links.new_link_id(), "for the sister")
        made = links.make_link(
            self.services,
            TEXTS,
            gate.case_or_submission_to_change(self.services, self.officer, reference),
            link_request,
        )
        return urlsplit(made.url).path.rpartition("/")[2]

    def hold(self, token: str) -> Held:
        """Open a link."""
        return link_holders.open_link(self.services, token, "", "192.0.2.1")

    def put(self, held: Held, content: bytes = b"%PDF-1.7 one") -> None:
        """Put one file in."""
        whole_files.take_whole(
            self.services,
            gate.draft_to_change(self.services, held.holder, held.draft_id),
            claimed_name="scan.pdf",
            claimed_type="application/pdf",
            most_bytes=1000,
            content=[content],
        )

    def send(self, held: Held) -> SentByLink:
        """Send from a browser of its own."""
        return send_by_link.send_link_draft(self.services, TEXTS, held, secrets.token_urlsafe())

    def placed(self, sent: SentByLink) -> Submission:
        """Place what was sent, as the worker does, and return it."""
        with self.services.database.transaction() as session:
            row = submissions.by_reference(session, sent.reference)
            assert row is not None
            key = self.services.keyring.open(session, row.data_key_id)
            file_submission(self.services, session, row, key)
        return row


@pytest.fixture
def desk(services: Services) -> Desk:
    """Give an officer with two references, on each database."""
    with services.database.transaction() as session:
        plant = Planter(session, services.keyring, services.now())
        case = plant.case(region="VAST")
        plant.submission(case_id=case.id)
        waiting = plant.submission()
    return Desk(services, plant_user(services), case.reference, waiting.reference)


def sent_by_links(services: Services) -> list[Submission]:
    """Return everything that came by a link."""
    with services.database.reading() as session:
        return session.query(Submission).filter_by(channel="upload").all()


def test_fifty_who_send_at_once_make_one_submission(desk: Desk) -> None:
    held = desk.hold(desk.link(desk.case))
    desk.put(held)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _number: desk.send(held), range(AT_ONCE)))

    (sent,) = sent_by_links(desk.services)
    assert {answer.reference for answer in answers} == {sent.reference}
    with desk.services.database.reading() as session:
        assert audit.check_chain(session, desk.services.keyring) == []
        acts = [event.act for event in audit.of_subject(session, "submission", sent.id)]
    assert acts.count("submission.received") == 1


def test_what_comes_by_a_link_waits_for_a_person_with_its_case_first(desk: Desk) -> None:
    held = desk.hold(desk.link(desk.case))
    desk.put(held)

    row = desk.placed(desk.send(held))

    with desk.services.database.reading() as session:
        ranks = filing_acts.ranks_of(session, row.id)
        items = queue_items.of_submission(session, row.id)
        first = session.get_one(Case, ranks[0].case_id)
    assert (row.state, row.case_id, row.filing_reason) == ("HOLDING", None, "sent_by_link")
    assert [(item.queue, item.kind) for item in items] == [("Q3", "submission")]
    assert first.reference == desk.case
    assert ranks[0].reasons[0] == "guess_sent_by_link"


def test_the_case_of_a_link_stands_above_a_case_that_the_words_name(desk: Desk) -> None:
    with desk.services.database.transaction() as session:
        plant = Planter(session, desk.services.keyring, desk.services.now())
        other = plant.case(region="VAST").reference
    held = desk.hold(desk.link(desk.case))
    drafts.save_draft(
        desk.services,
        gate.draft_to_change(desk.services, held.holder, held.draft_id),
        {"note": f"This is for {other}."},
    )

    row = desk.placed(desk.send(held))

    with desk.services.database.reading() as session:
        ranks = filing_acts.ranks_of(session, row.id)
        named = [session.get_one(Case, rank.case_id).reference for rank in ranks]
    assert named[:2] == [desk.case, other]


def test_a_link_for_a_waiting_submission_follows_it_into_its_case(desk: Desk) -> None:
    held = desk.hold(desk.link(desk.waiting))
    desk.put(held)
    with desk.services.database.transaction() as session:
        row = submissions.by_reference(session, desk.waiting)
        case = session.query(Case).filter_by(reference=desk.case).one()
        assert row is not None
        row.case_id = case.id

    sent = desk.placed(desk.send(held))

    with desk.services.database.reading() as session:
        (rank, *_rest) = filing_acts.ranks_of(session, sent.id)
        assert session.get_one(Case, rank.case_id).reference == desk.case


def test_the_reader_sees_who_asked_and_for_whom(desk: Desk) -> None:
    held = desk.hold(desk.link(desk.waiting))
    desk.put(held)

    sent = desk.send(held)

    view = read_submission.read_submission(
        desk.services, gate.submission_to_read(desk.services, desk.officer, sent.reference)
    )
    link = view.triage.link
    assert link is not None
    assert (link.made_by, link.note) == (desk.officer.label, "for the sister")
    assert (link.made_for, link.sent_as) == (desk.waiting, sent.reference)


def test_a_link_that_is_withdrawn_between_look_and_send_sends_nothing(
    desk: Desk,
) -> None:
    held = desk.hold(desk.link(desk.case))
    desk.put(held)
    (link,) = links.list_links(
        desk.services, gate.case_or_submission_to_change(desk.services, desk.officer, desk.case)
    ).links
    links.withdraw_link(
        desk.services,
        gate.case_or_submission_to_change(desk.services, desk.officer, desk.case),
        link.id,
    )

    with pytest.raises(LinkOver):
        desk.send(held)

    assert sent_by_links(desk.services) == []


def test_only_the_browser_that_put_something_in_sends(desk: Desk) -> None:
    held = desk.hold(desk.link(desk.case))
    link_holders.claim_link(desk.services, held, "the browser of the holder")
    desk.put(held)

    with pytest.raises(LinkInUse):
        desk.send(held)
    with pytest.raises(LinkInUse):
        link_holders.claim_link(desk.services, held, "another browser")
    nothing_sent = sent_by_links(desk.services) == []
    send_by_link.send_link_draft(desk.services, TEXTS, held, "the browser of the holder")

    assert nothing_sent
    assert len(sent_by_links(desk.services)) == 1


def test_a_link_is_known_by_its_whole_token_and_kept_as_a_hash(desk: Desk) -> None:
    token = desk.link(desk.case)

    assert len(token) >= 43
    for wrong in (token[:-1], token + "A", token.swapcase(), "", desk.case):
        with pytest.raises(LinkOver):
            desk.hold(wrong)
    assert desk.hold(token).sent is None


def test_refused_tries_are_in_the_audit_trail_without_the_address(desk: Desk) -> None:
    with pytest.raises(LinkOver):
        desk.hold("nothing")

    with desk.services.database.reading() as session:
        subject = desk.services.keyring.lookup(session, "rate", "links 192.0.2.1")
        (event,) = audit.of_subject(session, "network", subject)
    assert (event.actor, event.act, event.detail) == ("anonymous", "upload_link.refused", {})
