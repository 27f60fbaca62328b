"""Show the way to write when mail is none: a message in the service, a link by a call, or a call.

The page says which way it is and why, and has what is needed for it at hand. A refused text comes
back as it was written.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile
from intake.access.find import CaseMoved
from intake.cases import withholding
from intake.core.typed_text import tidy
from intake.correspondence import answers, case_messages, ways_to_write
from intake.correspondence.answers import AnswerDraft, TextRefused
from intake.correspondence.case_messages import MessageDraft, MessageInvalid
from intake.correspondence.recipients import AnswerTools
from intake.correspondence.ways_to_write import WayToWrite, WriteBy
from intake.reference_data.prepared_answers import find_answer
from portal.text import answers as answer_words
from portal.triage import page as triage_page
from portal.triage.decide import place_args
from portal.triage.edit_conflict import seen_version
from portal.web import session
from portal.web.policy import Permission, requires

if TYPE_CHECKING:
    from portal.text.answers import ShownFinding

other_ways = Blueprint("other_ways", __name__)


@dataclass(frozen=True)
class Refused:
    """Why a message was refused, as a sentence, and what was found in it."""

    error: str = ""
    findings: "tuple[ShownFinding, ...]" = ()

    @property
    def can_be_confirmed(self) -> bool:
        """Tell whether it is enough that the writer confirms having read what was found."""
        return bool(self.findings) and not any(each.is_blocking for each in self.findings)


def show(
    reference: str, way: WayToWrite, refused: Refused | None = None, status: int = 200
) -> ResponseReturnValue:
    """Show how to write about a submission that cannot be answered by mail."""
    services, viewer = session.services(), session.viewer()
    opened = gate.submission_to_change(services, viewer, reference)
    # The looking is audited like that at the answers; its suggestions warn of danger here too.
    answer_page = answers.open_answer_page(_office(), opened)
    text = request.form.get("message", "")
    page = render_template(
        "correspondence/other_way.html",
        reference=reference,
        way=way,
        withheld=withholding.before_sharing(services, opened),
        refused=refused or Refused(),
        text=text,
        message_id=request.form.get("message_id") or case_messages.new_message_id(),
        digest=MessageDraft("", text).digest,
        version=seen_version() or answer_page.version,
        suggestions=answer_page.suggestions,
        misdirections=answer_words.MISDIRECTIONS,
        because=answer_words.because,
        type_names=triage_page.type_names(services),
        place=place_args(),
        sentences=answer_words.WAYS,
        why=answer_words.why_no_mail(way.why),
        most_chars=case_messages.MAX_CHARS,
    )
    return page, status


@other_ways.post("/submissions/<reference>/message")
@requires(Permission.ANSWERS)
def write(reference: str) -> ResponseReturnValue:
    """Write to the coordinator in the service, which ends what they asked, and lead back."""
    services, viewer = session.services(), session.viewer()
    way = ways_to_write.way_to_write(
        _office(), gate.submission_to_change(services, viewer, reference)
    )
    if way.channel is not WriteBy.MESSAGE:
        # What made it the way is gone meanwhile: the page says which one it is now.
        return show(reference, way, status=409) if way.channel is not WriteBy.MAIL else abort(409)
    draft = MessageDraft(request.form.get("message_id", ""), request.form.get("message", ""))
    is_read = request.form.get("read") == "yes"
    try:
        untold = case_messages.write_to_coordinator(
            services,
            services.texts,
            gate.case_to_change(services, viewer, way.case),
            draft,
            confirmed=request.form.get("shown", "") if is_read else "",
            seen_version=seen_version(),
        )
    except TextRefused as error:
        tidied = AnswerDraft("", "", tidy(draft.text))
        found = tuple(answer_words.shown(tidied, error.findings))
        return show(reference, way, Refused(error.public, found), error.status)
    except (MessageInvalid, ChangedMeanwhile, CaseMoved) as error:
        return show(reference, way, Refused(error.public), error.status)
    place: dict[str, Any] = dict(place_args())  # Any: url_for has its own options among them
    return redirect(
        url_for(
            "staff.submission",
            reference=reference,
            _anchor="done",
            wrote=untold or "told",
            **place,
        ),
        303,
    )


def _office() -> AnswerTools:
    services = session.services()
    return AnswerTools(services, services.answer_writer, find_answer)
