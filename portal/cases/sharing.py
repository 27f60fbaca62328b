"""Note consents, withdrawals and what must be withheld from whom, on a case's page.

Each form calls one use case. What was refused comes back with what was typed; what a colleague
noted meanwhile is shown beside it.
"""

import logging

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access import gate
from intake.access.edit_conflicts import ChangedMeanwhile, RecordedChange
from intake.access.find import CaseMoved
from intake.cases import consents, read, withdrawal, withholding
from intake.cases.consents import ConsentInvalid
from intake.cases.views import CaseView
from intake.cases.withdrawal import EndOfStop, StopChanged
from intake.cases.withholding import WithholdingInvalid
from intake.confirmations import receipt_pdf
from intake.core.errors import IntakeError
from portal.cases import page
from portal.text import sharing as sharing_words
from portal.text import triage
from portal.triage import edit_conflict
from portal.triage.edit_conflict import BothVersions, Line
from portal.web import session
from portal.web.policy import Permission, requires

LOG = logging.getLogger(__name__)
sharing = Blueprint("sharing", __name__, url_prefix="/cases")


@sharing.post("/<reference>/withheld")
@requires(Permission.TRIAGE)
def withhold(reference: str) -> ResponseReturnValue:
    """Note what must be kept from whom."""
    form = request.form
    from_whom, text = form.get("from_whom", ""), form.get("withheld", "")
    try:
        withholding.note_withholding(
            session.services(),
            gate.case_to_change(session.services(), session.viewer(), reference),
            from_whom,
            text,
            seen_version=edit_conflict.seen_version(),
        )
    except WithholdingInvalid as error:
        return page.page(reference, page.Refused(error.errors), error.status)
    except ChangedMeanwhile as error:
        return _both_withheld(_read(reference), error.change)
    except CaseMoved as error:
        return page.moved(error)
    return _back(reference, "withheld")


@sharing.post("/<reference>/withheld/<row_id>/end")
@requires(Permission.TRIAGE)
def end_withholding(reference: str, row_id: str) -> ResponseReturnValue:
    """End a withholding."""
    try:
        withholding.end_withholding(
            session.services(),
            gate.case_to_change(session.services(), session.viewer(), reference),
            row_id,
        )
    except CaseMoved as error:
        return page.moved(error)
    return _back(reference, "withheld_no_more")


@sharing.post("/<reference>/consents")
@requires(Permission.TRIAGE)
def note_consent(reference: str) -> ResponseReturnValue:
    """Note what a person allows, or does not."""
    try:
        consents.note_consent(
            session.services(),
            gate.case_to_change(session.services(), session.viewer(), reference),
            request.form,
            seen_version=edit_conflict.seen_version(),
        )
    except ConsentInvalid as error:
        return page.page(reference, page.Refused(error.errors), error.status)
    except ChangedMeanwhile as error:
        return _both_consents(_read(reference), error.change)
    except CaseMoved as error:
        return page.moved(error)
    return _back(reference, "consent")


@sharing.post("/<reference>/consents/<consent_id>/withdraw")
@requires(Permission.TRIAGE)
def withdraw(reference: str, consent_id: str) -> ResponseReturnValue:
    """Note that a person withdrew one consent; nobody asks why."""
    try:
        consents.withdraw_consent(
            session.services(),
            gate.case_to_change(session.services(), session.viewer(), reference),
            consent_id,
        )
    except CaseMoved as error:
        return page.moved(error)
    return _back(reference, "withdrawn")


@sharing.post("/<reference>/stop")
@requires(Permission.TRIAGE)
def stop(reference: str) -> ResponseReturnValue:
    """Note that the person withdrew altogether: nothing leaves any more. Nobody asks why."""
    try:
        withdrawal.stop_case(
            session.services(), gate.case_to_change(session.services(), session.viewer(), reference)
        )
    except CaseMoved as error:
        return page.moved(error)
    return _back(reference, "stopped")


@sharing.get("/<reference>/go-on")
@requires(Permission.TRIAGE)
def ask_go_on(reference: str) -> ResponseReturnValue:
    """Ask which of the suspended consents hold again; none is chosen beforehand."""
    return _end_of_stop(reference)


@sharing.post("/<reference>/go-on")
@requires(Permission.TRIAGE)
def go_on(reference: str) -> ResponseReturnValue:
    """Note that the person goes on after a withdrawal, and which consents hold again."""
    form = request.form
    end = EndOfStop(frozenset(form.getlist("shown")), frozenset(form.getlist("holds")))
    try:
        promised_anew = withdrawal.resume_case(
            session.services(),
            gate.case_to_change(session.services(), session.viewer(), reference),
            end,
        )
    except StopChanged as error:
        return _end_of_stop(reference, error, end.hold_again)
    except CaseMoved as error:
        return page.moved(error)
    _renew_receipts(promised_anew)
    return _back(reference, "goes_on")


def _renew_receipts(promised_anew: tuple[str, ...]) -> None:
    """Sign the receipts that promise a date of before once more; after the commit it stands."""
    for submission_id in promised_anew:
        try:
            receipt_pdf.renew_receipt(
                session.services(), submission_id, actor=session.viewer().actor
            )
        except IntakeError as error:
            LOG.warning(
                "event=receipt_not_signed submission=%s reason=%s", submission_id, error.reason
            )


def _end_of_stop(
    reference: str, refused: StopChanged | None = None, chosen: frozenset[str] = frozenset()
) -> ResponseReturnValue:
    """Show the page that ends a stop; one that has ended leads to its case."""
    services = session.services()
    stop = withdrawal.open_stop(services, gate.case_to_read(services, session.viewer(), reference))
    if stop is None:
        return redirect(url_for("cases.show", reference=reference), 303)
    shown = render_template(
        "cases/go_on.html",
        reference=reference,
        stop=stop,
        refused=refused.public if refused is not None else "",
        chosen=chosen,
    )
    return shown, 200 if refused is None else refused.status


def _both_withheld(case: CaseView, change: RecordedChange | None) -> ResponseReturnValue:
    theirs = "\n".join(
        f"From {sharing_words.from_whom(each.from_whom)}: {each.text or ''}"
        for each in case.withheld
    )
    mine = f"From {sharing_words.from_whom(request.form.get('from_whom', ''))}: "
    both = BothVersions(
        case.reference,
        "withhold something",
        url_for("cases.show", reference=case.reference, _anchor="withheld-from"),
        (Line("Withheld", theirs or "Nothing", mine + request.form.get("withheld", "")),),
        texts={"withheld": "What must be withheld"},
        replace="Withhold mine as well",
    )
    return edit_conflict.show(both, change)


def _both_consents(case: CaseView, change: RecordedChange | None) -> ResponseReturnValue:
    form = request.form
    theirs = [each for each in case.consents if each.purpose == form.get("purpose")]
    lines = (
        Line(
            sharing_words.PURPOSES.get(form.get("purpose", ""), "Consent"),
            "\n".join(
                f"{sharing_words.RECIPIENTS.get(each.recipient, each.recipient)}: "
                f"{sharing_words.state_of(each.state).word.lower()}, "
                f"{triage.day(each.given_on)}"
                for each in theirs
            )
            or "Nothing",
            f"{sharing_words.RECIPIENTS.get(form.get('recipient', ''), '')}: "
            f"{sharing_words.ANSWERS.get(form.get('answer', ''), '').lower()}, "
            f"{form.get('given_on', '')}",
        ),
    )
    both = BothVersions(
        case.reference,
        "note a consent",
        url_for("cases.show", reference=case.reference, _anchor="consents"),
        lines,
    )
    return edit_conflict.show(both, change)


def _back(reference: str, notice: str) -> ResponseReturnValue:
    return redirect(url_for("cases.show", reference=reference, said=notice, _anchor="said"), 303)


def _read(reference: str) -> CaseView:
    return read.read_case(
        session.services(), gate.case_to_read(session.services(), session.viewer(), reference)
    )
