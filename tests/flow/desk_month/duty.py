"""Put the duty list in force by its form: one officer proposes it, a manager approves it."""

from typing import TYPE_CHECKING

from tests.flow.desk_month.house import DUTY_MAIL
from tests.portal.administration.typed_form import Fields, typed_in

if TYPE_CHECKING:
    from tests.flow.desk_month.house import Seat

FORM = "/admin/editions/duty/propose"
ROWS = "/admin/editions/duty/rows"
WEEK = ["mon", "tue", "wed", "thu", "fri"]
EVERY_DAY = [*WEEK, "sat", "sun"]
CSRF = "csrf_token"
BOTH = ["referrals", "cash"]
# Days, from and to: the office's hours, all nights, and the days of the weekend.
SHIFTS = (
    (WEEK, "08:00", "16:00"),
    (EVERY_DAY, "16:00", "08:00"),
    (["sat", "sun"], "08:00", "16:00"),
)


def write_first_list(proposer: "Seat", approver: "Seat") -> list[int]:
    """Write the list and put it in force; return the statuses of all that was sent.

    The proposer tries to approve it alone first.
    """
    fields = typed_in(proposer.open(f"{FORM}?code=warnings").text)
    for days, begins, ends in SHIFTS:
        fields = _with_row(proposer, fields, "shifts")
        row = fields["shifts"][-1]
        fields |= {
            f"shifts.{row}.account": proposer.user.label,
            f"shifts.{row}.mail": DUTY_MAIL,
            f"shifts.{row}.days": days,
            f"shifts.{row}.from": begins,
            f"shifts.{row}.to": ends,
            f"shifts.{row}.programmes": BOTH,
        }
    fields = _with_row(proposer, fields, "telephones")
    row = fields["telephones"][-1]
    fields |= {
        f"telephones.{row}.who": "Duty officer",
        f"telephones.{row}.number": "+358 40 123 4567",
        f"telephones.{row}.programmes": BOTH,
    }
    return propose_and_approve(proposer, approver, fields)


def change_telephone(proposer: "Seat", approver: "Seat", number: str) -> list[int]:
    """Change the number that is called, and nothing else; return as `write_first_list` does."""
    fields = typed_in(proposer.open(f"{FORM}?code=warnings").text)
    row = fields["telephones"][-1]
    return propose_and_approve(proposer, approver, fields | {f"telephones.{row}.number": number})


def propose_and_approve(proposer: "Seat", approver: "Seat", fields: Fields) -> list[int]:
    """Propose what was typed, and let a second person approve it."""
    token = _token(proposer)
    note = "A month at the desk needs people on duty."
    said = {**token, "source": "The office's own list", "note": note}
    proposed = proposer.send(FORM, fields | said)
    shown = str(proposed.location).partition("#")[0]
    alone = proposer.send(f"{shown}/approve", token)
    together = approver.send(f"{shown}/approve", _token(approver))
    return [proposed.status_code, alone.status_code, together.status_code]


def _with_row(seat: "Seat", fields: Fields, rows: str) -> Fields:
    answer = seat.send(ROWS, fields | _token(seat) | {"do": f"add:{rows}"})
    assert answer.status_code == 200, answer.text
    return typed_in(answer.text)


def _token(seat: "Seat") -> dict[str, str]:
    forms = seat.open("/admin/editions").forms
    return next({CSRF: each.fields[CSRF]} for each in forms if CSRF in each.fields)
