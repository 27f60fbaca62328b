"""Let officers choose a prepared answer, see exactly what leaves, add words and send it.

Choosing is a GET form and sending a POST form, so that every step is a page of its own without
script. A refused form comes back with what was written and the errors beside the fields. The list
of stopped addresses is here too.
"""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile, RecordedChange
from intake.cases import withholding
from intake.confirmations import previous_wording
from intake.core.typed_text import tidy
from intake.correspondence import answers as use_cases
from intake.correspondence import ways_to_write
from intake.correspondence.answers import (
    AnswerApproval,
    AnswerDraft,
    AnswerPreview,
    AnswerRefused,
    LetterChanged,
    TextRefused,
)
from intake.correspondence.recipients import AnswerTools
from intake.correspondence.ways_to_write import WriteBy
from intake.outbox import stop_list
from intake.reference_data.prepared_answers import (
    FIXED,
    LANGUAGES,
    PURPOSES,
    AnswerIncomplete,
    AnswerMissing,
    find_answer,
)
from intake.triage.endings import finish
from intake.triage.endings.outcomes import BY_ANSWER, HasOtherEnd, LegalDateOpen, ProtectionOpen
from intake.triage.read_first import LetterUnread
from portal.correspondence import other_ways
from portal.text import answers as answer_words
from portal.text import labels
from portal.triage import edit_conflict
from portal.triage import page as triage_page
from portal.triage.decide import following, lead_to_letter, place_args
from portal.triage.edit_conflict import BothVersions, Line
from portal.web import reauthentication, session
from portal.web.policy import Permission, requires
from storage.audit_acts import Act
from storage.submissions.submissions import Outcome

answers = Blueprint("answers", __name__)
FINISH = "finish"
# Not «language»: by that name the officer's list is narrowed, in the same address.
IN_LANGUAGE = "answer_language"
SENDING = frozenset({"send", FINISH})


@dataclass(frozen=True)
class Errors:
    """The sentences beside the fields of the page; an empty one is no error."""

    language: str = ""
    more: str = ""
    answer: str = ""


@answers.errorhandler(LetterUnread)
def read_first(error: LetterUnread) -> ResponseReturnValue:
    """Lead to the letter of an emergency that the viewer has not seen yet."""
    reference = (request.view_args or {})["reference"]
    return lead_to_letter(reference, "answer it and finish it", error)


@answers.get("/submissions/<reference>/answer")
@requires(Permission.ANSWERS)
def choose(reference: str) -> ResponseReturnValue:
    """Show the choice, and the message body once answer and language are chosen.

    What cannot be answered by mail leads to the way by which it can be written about.
    """
    way = ways_to_write.way_to_write(
        _office(), gate.submission_to_change(session.services(), session.viewer(), reference)
    )
    if way.channel is WriteBy.QUESTION:
        return redirect(url_for("questions.show", reference=reference), 303)
    if way.channel is not WriteBy.MAIL:
        return other_ways.show(reference, way)
    draft = _draft(request.args.get("code", ""), request.args.get(IN_LANGUAGE, ""), "")
    return _page(reference, draft)


@answers.post("/submissions/<reference>/answer")
@requires(Permission.ANSWERS)
def send(reference: str) -> ResponseReturnValue:
    """Show the message body with the added words, or send it."""
    form = request.form
    draft = _draft(form.get("code", ""), form.get(IN_LANGUAGE, ""), form.get("more", ""))
    if draft is None or form.get("step") not in SENDING:
        return _page(reference, draft)
    onward = following(reference) if form.get("step") == FINISH else _sent(reference)
    is_read, seen = form.get("read") == "yes", edit_conflict.seen_version()
    consent = AnswerApproval(form.get("kind", ""), form.get("shown", ""), is_read, seen)
    do = finish.send_and_finish if form.get("step") == FINISH else use_cases.send_answer
    try:
        do(
            _office(),
            gate.submission_to_change(_office().services, session.viewer(), reference),
            draft,
            consent,
        )
    except ChangedMeanwhile as error:
        if error.change is not None and error.change.act != Act.ANSWER_SENT:
            # The submission changed and no answer did: the words stay, made from what stands now.
            return _page(reference, draft, _changed(error.change), error.status, is_anew=True)
        return _both(reference, draft, error)
    except (HasOtherEnd, ProtectionOpen, LegalDateOpen) as error:
        return _page(reference, draft, Errors(answer=error.public), error.status)
    except TextRefused as error:
        return _page(reference, draft, Errors(more=error.public), error.status)
    except LetterChanged as error:
        return _page(reference, draft, Errors(answer=error.public), error.status)
    except (AnswerMissing, AnswerIncomplete, AnswerRefused) as error:
        return _page(reference, draft, status=error.status)
    return redirect(onward, 303)


def typed_again(reference: str, fields: dict[str, str]) -> ResponseReturnValue:
    """Show the form of an answer that was taken back, with its choice and the words of its own."""
    draft = AnswerDraft(fields["code"], fields["answer_language"], fields["more"])
    return _page(reference, draft, is_taken_back=True)


def _sent(reference: str) -> str:
    """Return the address of the submission's mails, where the answer can be taken back."""
    place: dict[str, Any] = dict(place_args())  # Any: url_for has options among them
    return url_for("staff.submission", reference=reference, _anchor="receipts", **place)


def _changed(change: RecordedChange) -> Errors:
    """Say what a colleague did with the submission, when it was to be finished."""
    act = labels.act(change.act)
    return Errors(
        answer=f"{act} by {change.by or 'somebody'} meanwhile. Nothing was sent or finished: look "
        "at it, then send this, or leave it."
    )


@answers.get("/stopped-addresses")
@requires(Permission.ANSWERS)
def stopped() -> str:
    """Show the addresses to which nothing goes any more; intake audits that it was looked at."""
    rows = stop_list.stopped_list(session.services(), session.viewer())
    return render_template("correspondence/stopped.html", rows=rows, most=stop_list.MAX_ROWS)


@answers.post("/stopped-addresses/lift")
@requires(Permission.ANSWERS)
@reauthentication.required("let mail go to an address again")
def lift() -> ResponseReturnValue:
    """Let mail go to an address again."""
    stop_list.lift_stop(session.services(), session.viewer(), request.form.get("address", ""))
    return redirect(url_for("answers.stopped"), 303)


def _page(
    reference: str,
    draft: AnswerDraft | None,
    errors: Errors | None = None,
    status: int = 200,
    *,
    is_anew: bool = False,
    is_taken_back: bool = False,
) -> ResponseReturnValue:
    """Show the page; when it cannot be sent, say why beside the field that can change that.

    `is_anew` makes the form anew from what stands now. `is_taken_back` says that `draft` was sent
    and did not leave.
    """
    office = _office()
    opened = gate.submission_to_change(office.services, session.viewer(), reference)
    answer_page = use_cases.open_answer_page(office, opened)
    ready: AnswerPreview | None = None
    shown_errors = errors or Errors()
    if draft is not None and answer_page.refused is None and answer_page.kind is not None:
        try:
            ready = use_cases.preview_answer(office, opened, draft)
        except (AnswerMissing, AnswerIncomplete) as error:
            shown_errors, status = Errors(language=error.public), error.status
    page = render_template(
        "correspondence/answer.html",
        answer_page=answer_page,
        withheld=withholding.before_sharing(office.services, opened),
        draft=draft,
        ready=ready,
        findings=answer_words.shown(draft, ready.findings) if draft and ready else [],
        is_fixed=draft is not None and draft.code in FIXED,
        errors=shown_errors,
        purposes=PURPOSES,
        languages=_languages(office, draft),
        misdirections=answer_words.MISDIRECTIONS,
        because=answer_words.because,
        type_names=triage_page.type_names(session.services()),
        what_to_do=answer_words.WHAT_TO_DO,
        mail_from=office.services.settings.mail_from,
        # A second preview keeps the version first seen, so that a colleague's answer is noticed.
        version=(None if is_anew else edit_conflict.seen_version()) or answer_page.version,
        place=place_args(),
        unfinishable=finish.why_not(office.services, opened),
        ends_as=BY_ANSWER.get(draft.code if draft else "", Outcome.ANSWERED),
        is_taken_back=is_taken_back,
    )
    return page, status


def _both(reference: str, draft: AnswerDraft, error: ChangedMeanwhile) -> ResponseReturnValue:
    """Show what a colleague answered beside what would be sent now."""
    detail = error.change.detail if error.change is not None else {}
    text = previous_wording.read_answer_text(
        session.services(),
        gate.submission_to_change(session.services(), session.viewer(), reference),
        str(detail.get("kind", "")),
    )
    theirs = AnswerDraft(str(detail.get("answer", "")), str(detail.get("language", "")))
    lines = (
        Line("Answer", PURPOSES.get(theirs.code, ""), PURPOSES[draft.code]),
        Line("Language", LANGUAGES.get(theirs.language, ""), LANGUAGES[draft.language]),
        Line("Words", text, draft.more or "None of your own"),
    )
    both = BothVersions(
        reference,
        "answer the sender",
        url_for("staff.submission", reference=reference, _anchor="receipts"),
        lines,
        texts={} if draft.code in FIXED else {"more": "Words of your own"},
        changes={"step": "look"},
        replace="Look at mine again, to send it as well",
        keep="Leave it at theirs",
    )
    return edit_conflict.show(both, error.change)


def _languages(office: AnswerTools, draft: AnswerDraft | None) -> dict[str, str]:
    """Return what each language is called; the name itself says when its text is missing."""
    if draft is None:
        return LANGUAGES
    known = use_cases.languages_in_force(office, draft.code)
    return {
        code: name if known[code] else f"{name} (missing: needs a translator)"
        for code, name in LANGUAGES.items()
    }


def _draft(code: str, language: str, more: str) -> AnswerDraft | None:
    """Return what was chosen; None unless both answer and language are ours."""
    if code not in PURPOSES or language not in LANGUAGES:
        return None
    return AnswerDraft(code, language, "" if code in FIXED else tidy(more))


def _office() -> AnswerTools:
    services = session.services()
    return AnswerTools(services, services.answer_writer, find_answer)
