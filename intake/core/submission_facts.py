"""Read and write the sealed column `submissions.facts` as typed values.

The column holds JSON of one of two shapes: what the header of a mail claims, or what the portal
knows of a draft that was sent. A row that an older release wrote may lack some of the names; each
of them has a default that says nothing.
"""

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from intake.sandbox.protocol.results import MailFacts
from storage.crypto.sealing import seal, unseal
from storage.submissions.submissions import Priority, place

if TYPE_CHECKING:
    from storage.crypto.keys import DataKey
    from storage.submissions.submissions import Submission

# A header that says nothing: what every name counts as that a stored header lacks.
EMPTY_HEADER = MailFacts(
    from_address=None,
    from_defects=(),
    claimed_from="",
    subject="",
    message_id="",
    in_reply_to="",
    references=(),
    date_header="",
    to_addresses=(),
    auto_submitted="",
    precedence="",
    list_headers=False,
    list_kind="",
    automatic_headers=False,
    auto_response_suppress="",
    return_path=None,
    content_type="",
    report_type="",
    importance="",
    authentication_results=(),
    defects=(),
)


@dataclass(frozen=True)
class ReferralForm:
    """Checked answers. `reflection_end` is an ISO day or empty; `note` is the sender's own text.

    `own_code` is the sender's own name for the case in one line, or empty.
    """

    priority: str = Priority.UNKNOWN
    country: str = ""
    language: str = ""
    adults: int | None = None
    children: int | None = None
    reflection_end: str = ""
    consent: str = "unknown"
    safe_contact: str = "unknown"
    escort: str = "unknown"
    detention: str = "unknown"
    note: str = ""
    own_code: str = ""

    def as_dict(self) -> dict[str, Any]:  # Any: texts and numbers, as JSON takes them
        """Return the answers as plain values, to be sealed."""
        return asdict(self)


@dataclass(frozen=True)
class FormFacts:
    """What the portal knows of a draft that was sent.

    `kind` is the kind of the draft, `link_id` the single-use link that it came by; each is empty
    when there is none. `form` is None when nobody filled one in.
    """

    kind: str = ""
    form: ReferralForm | None = None
    link_id: str = ""


def of_mail(submission: "Submission", key: "DataKey") -> MailFacts | None:
    """Return what the header of a mail claims; None for what is no mail or could not be read."""
    stored = _stored(submission, key)
    names = asdict(EMPTY_HEADER)
    if stored.keys().isdisjoint(names):
        return None
    values = {name: stored.get(name, default) for name, default in names.items()}
    return MailFacts(**{name: _as_tuple(value) for name, value in values.items()})


def of_form(submission: "Submission", key: "DataKey") -> FormFacts:
    """Return what the portal knows of a draft that was sent; of a mail it knows nothing."""
    stored = _stored(submission, key)
    answers = stored.get("form")
    if answers is not None:
        known = {field.name for field in fields(ReferralForm)}
        answers = {name: value for name, value in answers.items() if name in known}
    return FormFacts(
        kind=stored.get("kind", ""),
        form=ReferralForm(**answers) if answers is not None else None,
        link_id=stored.get("link", ""),
    )


def seal_mail(key: "DataKey", submission_id: str, header: MailFacts) -> bytes:
    """Return the value of the column for a mail."""
    return _sealed(key, submission_id, asdict(header))


def seal_form(key: "DataKey", submission_id: str, facts: FormFacts) -> bytes:
    """Return the value of the column for a draft that was sent."""
    stored: dict[str, Any] = {}  # Any: as JSON takes it
    if facts.form is not None:
        stored["form"] = facts.form.as_dict()
    stored["kind"] = facts.kind
    if facts.link_id:
        stored["link"] = facts.link_id
    return _sealed(key, submission_id, stored)


def _sealed(key: "DataKey", submission_id: str, stored: dict[str, Any]) -> bytes:  # Any: as above
    return seal(key, _place(submission_id), json.dumps(stored))


def _stored(submission: "Submission", key: "DataKey") -> dict[str, Any]:  # Any: JSON of the column
    text = unseal(key, _place(submission.id), submission.facts)
    stored: dict[str, Any] = json.loads(text) if text else {}
    return stored


def _place(submission_id: str) -> str:
    return place("submissions", "facts", submission_id)


def _as_tuple(value: Any) -> Any:  # Any: JSON has lists where the value has tuples
    return tuple(value) if isinstance(value, list) else value
