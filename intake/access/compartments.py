"""Hold the matrix of which role reads what, and the compartments that few may read.

The matrix is that of requirement 114, its cells as they stand there; a role or a thing that it
does not name has no right (requirement 56). Health data and police or court material stand in
compartments of their own (requirements 25 and 26).

Where the matrix leaves a choice, this is what was chosen and why:

* **A suggested type closes a document before anybody confirmed it.** What classification takes for
  a medical or police document is closed until a person says otherwise: a wrong suggestion costs a
  look, a wrong opening cannot be undone. A suggestion only closes and never opens: the health
  focal point reads what a person confirmed, so that a passport taken for a health declaration
  does not reach them.
* **A document without a type is open to everybody who reads the submission.** Requirement 110
  treats it as S4, but somebody has to see it, or it would never get a type.
* **The officer to whom a submission is assigned looks before the type is confirmed.** An intake
  officer may look at a closed document whose type is only suggested, because they have to say
  whether the suggestion is right; the audit names that look with its compartment. Once the type is
  confirmed the document is closed to this officer too, who can neither read it nor change its type.
* **A suggestion never closes a message body**, since triage needs it. A person can close it.
* **Cash officers have the flag in their own programme.** The matrix has a dash there because it
  speaks of referrals, which the programme keeps from them anyway; a certificate that an applicant
  sent to the cash mailbox must still be seen to have arrived.
* **A manager's own cases are those that they opened with a written reason**, as the matrix's last
  line asks, and so are a protection officer's in cash support.
"""

from enum import StrEnum

from storage.accounts.users import Role
from storage.submissions.submissions import Programme


class Compartment(StrEnum):
    """A group of documents that few may read among those who read the case."""

    HEALTH = "health"
    POLICE = "police"


class MatrixRow(StrEnum):
    """A row of the matrix, as far as documents and submissions are concerned."""

    REFERRAL = "referral"  # «AVRRTiPP identity/risk»
    CASH = "cash"  # «cash decision/payee» and «enquiries»
    HEALTH = "health"
    POLICE = "police"


class Right(StrEnum):
    """A cell of the matrix, as it stands there."""

    NONE = "–"
    FLAG = "f"
    FLAG_READ_OWN = "f/r o"
    READ_OWN = "r o"
    WRITE_OWN = "r w o"
    READ_FLAGGED = "r if flagged"
    READ = "r"
    WRITE = "r w"


MATRIX: dict[Role, dict[MatrixRow, Right]] = {
    Role.INTAKE: {
        MatrixRow.REFERRAL: Right.WRITE,
        MatrixRow.HEALTH: Right.FLAG,
        MatrixRow.POLICE: Right.FLAG,
    },
    Role.CASEW: {
        MatrixRow.REFERRAL: Right.WRITE_OWN,
        MatrixRow.HEALTH: Right.FLAG_READ_OWN,
        MatrixRow.POLICE: Right.WRITE_OWN,
    },
    Role.HEALTH: {MatrixRow.HEALTH: Right.WRITE},
    Role.PROT: {
        MatrixRow.REFERRAL: Right.WRITE,
        MatrixRow.CASH: Right.READ_FLAGGED,
        MatrixRow.HEALTH: Right.FLAG,
        MatrixRow.POLICE: Right.READ,
    },
    Role.CASH: {
        MatrixRow.CASH: Right.WRITE,
        MatrixRow.HEALTH: Right.FLAG,
        MatrixRow.POLICE: Right.FLAG,
    },
    Role.MGR: {MatrixRow.REFERRAL: Right.READ_OWN, MatrixRow.CASH: Right.READ_OWN},
}
READS_ALL = frozenset({Right.READ, Right.WRITE})
READS_OWN = frozenset({Right.FLAG_READ_OWN, Right.READ_OWN, Right.WRITE_OWN})
SEES_FLAG = frozenset({Right.FLAG, Right.FLAG_READ_OWN})
# What break-glass access can open: the content that a role reads only where it is assigned. A
# role that only sees the flag of a compartment may open that too (`SEES_FLAG`). A dash is never
# opened.
NEEDS_REASON = frozenset({Right.READ_OWN, Right.WRITE_OWN, Right.READ_FLAGGED})
# The roles that read a compartment without reading the submissions around it: {role: programme}.
ALONE: dict[Role, str] = {Role.HEALTH: Programme.REFERRALS}
THINGS: dict[str, MatrixRow] = {
    Programme.REFERRALS: MatrixRow.REFERRAL,
    Programme.CASH: MatrixRow.CASH,
}
CLOSED_TYPES: dict[str, Compartment] = {
    "HLTH-DECL": Compartment.HEALTH,
    "FIT-TRVL": Compartment.HEALTH,
    "MED-REC": Compartment.HEALTH,
    # It names the clinic, and often what for.
    "CONS-HLTH": Compartment.HEALTH,
    "POL-RPT": Compartment.POLICE,
    "JUS-INV": Compartment.POLICE,
    "JUS-CMP": Compartment.POLICE,
    "DET": Compartment.POLICE,
}
OPEN_TYPES = frozenset(
    {
        "REF-FORM",
        "VOL-DECL",
        "CONS-SHARE",
        "CONS-SECR",
        "RISK-ASM",
        "ID-VOT",
        "COORD-NOTE",
        "ID-PASS",
        "ID-CARD",
        "DOC-REQ",
        "PHOTO",
        "PRM-REFL",
        "PRM-TEMP",
        "MIG-DEC",
        "MIG-WDR",
        "CASH-DEC",
        "CASH-APP",
        "CASH-RCPT",
        "CASH-ID",
        "FAM-COMP",
        "CHD-BID",
        "CHD-GUARD",
        "CHD-FAM",
        "CHD-SOC",
        "JUS-COUN",
        "RES-3RD",
        "PLAN-REI",
        "TRV-ITIN",
        "CERT-LANG",
        "MON-SURV",
        "CORR",
        "UNK",
    }
)


def right_of(role: Role, thing: MatrixRow | Compartment) -> Right:
    """Return a cell of the matrix, `Right.NONE` for what it does not name."""
    return MATRIX.get(role, {}).get(MatrixRow(thing), Right.NONE)


def compartments_of(document_type: str) -> frozenset[Compartment]:
    """Return the compartments of a document type.

    A type that this table does not know is in all of them until it is put into one or none:
    the default is denial.
    """
    if document_type in OPEN_TYPES:
        return frozenset()
    known = CLOSED_TYPES.get(document_type)
    return frozenset({known}) if known is not None else frozenset(Compartment)
