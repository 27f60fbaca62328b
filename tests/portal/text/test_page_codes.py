"""Check that the office's pages show words, whatever state, act or kind of data they show.

The tour of the browser's tests reads each page once (`tests.browser.office.test_words`), and
`triage.known.test_no_codes` reads submissions in every state; here stand the other codes that a
page can show, each planted.
"""

from typing import TYPE_CHECKING

import pytest

from intake.core.services import Services
from intake.inspection import findings
from intake.oversight import health
from portal.text import audit_acts, documents, labels, reasons, triage
from storage import audit
from storage.audit_acts import Act
from storage.cases.cases import CaseState
from storage.editions import EditionKind
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Channel, Submission
from tests.portal import samples
from tests.portal.cases import seen_case
from tests.portal.conftest import SignIn
from tests.portal.text.page_codes import codes_of

if TYPE_CHECKING:
    from collections.abc import Callable


def test_codes_are_found_and_words_are_not() -> None:
    page = (
        '<p title="legal_date_near">Queue Q2, PRM-REFL of VAST, docs/glossary.md, R2 in Q4.</p>'
        "<p>Reason: td3. application/pdf &amp;amp; %(name)s QUEUED submission.viewed S26</p>"
        '<input value="HOLD_CONSENT"><bdi class="code">K7M-4QX-9T</bdi>'
        "<p>E-mail of 1.5 MB, 24/7, SHA-256, 14:30 – case A or B; Väst. K7M-4QX-9T.</p>"
    )

    found = {each.partition(" in «")[0] for each in codes_of(page)}

    assert found == {
        "legal_date_near", "Q2", "PRM-REFL", "VAST", "docs/glossary.md", "glossary.md", "R2", "Q4",
        "Reason: ", "application/pdf", "&amp;", "%(name)", "QUEUED", "submission.viewed", "S26",
    }  # fmt: skip


def test_the_audit_says_no_code_of_any_act_and_subject(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    with services.database.transaction() as session:
        for subject in audit_acts.SUBJECTS:
            for act in Act:
                audit.append(
                    session, services.keyring, services.now(), actor="system:intake", act=act,
                    subject=(subject, made.submission_id),
                )  # fmt: skip
    browser = signed_in("DPO")

    for act in Act:
        page = browser.get(f"/admin/audit?from_day=2026-11-20&to_day=2026-11-24&act={act}")
        assert codes_of(page.text) == []


@pytest.mark.parametrize("kind", list(EditionKind))
def test_no_form_of_the_offices_data_says_a_code(
    services: Services, signed_in: SignIn, kind: EditionKind
) -> None:
    browser = signed_in("INTAKE")

    pages = ["", f"/{kind}", f"/{kind}/propose", f"/{kind}/import"]
    for path in pages:
        answer = browser.get(f"/admin/editions{path}")
        assert answer.status_code == 200
        assert codes_of(answer.text) == []
    refused = browser.post(f"/admin/editions/{kind}/propose", f"/admin/editions/{kind}/propose")
    assert codes_of(refused.text) == []


@pytest.mark.parametrize("state", list(CaseState))
def test_no_page_of_a_case_says_a_code(
    services: Services, signed_in: SignIn, state: CaseState
) -> None:
    seen = seen_case.seed_case(services)
    seen_case.register(services, seen)
    with services.database.transaction() as session:
        seen_row = session.merge(seen.row())
        seen_row.state = state
    browser = signed_in("INTAKE")

    for path in (seen.path, "/cases/mine", "/cases/without-owner", "/search"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert codes_of(answer.text) == []


@pytest.mark.parametrize("queue", list(Queue))
def test_no_row_of_a_list_says_a_code(services: Services, signed_in: SignIn, queue: Queue) -> None:
    for place, priority in enumerate(labels.PRIORITY_MARKS):
        made = samples.seed(services, queue=queue.value, priority=priority, with_case=False)
        with services.database.transaction() as session:
            channel = list(Channel)[place % len(Channel)]
            session.get_one(Submission, made.submission_id).channel = channel
    browser = signed_in("MGR")

    for path in (f"/queues/{queue}", "/queues/all", "/queues"):
        answer = browser.get(path)
        assert answer.status_code == 200
        assert codes_of(answer.text) == []


def test_the_system_status_says_no_code(services: Services, signed_in: SignIn) -> None:
    found = health.check_health(services)

    words = "".join(f"<p>{each.detail}</p>" for each in found.checks)
    assert codes_of(words) == []
    assert codes_of(signed_in("ADMIN").get("/health").text) == []


def _sentences() -> dict[str, str]:
    """Return every sentence that stands for a code on the office's pages."""
    tables: dict[str, Callable[[str], str]] = {
        **dict.fromkeys(reasons.REASONS, labels.reason),
        **dict.fromkeys(findings.REASONS, labels.reason),
        **dict.fromkeys(findings.FINDINGS, documents.finding),
        **dict.fromkeys(documents.NAMES, documents.file_kind),
        **dict.fromkeys(triage.MARKS, lambda code: triage.choice("mark", code)),
        **dict.fromkeys(Act, labels.act),
    }
    return {code: say(code) for code, say in tables.items()}


@pytest.mark.parametrize(("code", "sentence"), list(_sentences().items()))
def test_no_sentence_for_a_code_says_one(code: str, sentence: str) -> None:
    assert sentence
    assert codes_of(f"<p>{sentence}</p>") == []
