"""Word consents by purpose and recipient, and from whom something is withheld."""

from intake.cases.consents import ConsentState
from intake.cases.withholding import FromWhom
from portal.text.labels import Mark
from portal.text.triage import LANGUAGES

FROM_WHOM = {
    FromWhom.PARTNER: "a partner or former partner",
    FromWhom.FAMILY: "family members",
    FromWhom.COMMUNITY: "the community",
    FromWhom.EMPLOYER: "an employer",
    FromWhom.EMBASSY: "the embassy",
    FromWhom.POLICE: "the police or a prosecutor",
    FromWhom.AUTHORITY: "another authority",
    FromWhom.EVERYBODY: "everybody outside",
}
PURPOSES = {
    "referral": "Assessing the referral",
    "return": "Preparing the return",
    "reintegration": "Reintegration",
    "health": "Health",
    "justice": "Justice",
    "monitoring": "Contact after return",
    "reporting": "Reporting",
}
RECIPIENTS = {
    "iom_finland": "IOM Finland",
    "iom_country": "IOM office in the country of return",
    "ngo": "A named organisation",
    "health": "A health provider",
    "embassy": "The embassy",
    "police": "Police or prosecutor",
    "coordinator": "The coordinator",
}
ANSWERS = {"given": "Given", "refused": "Refused"}
METHODS = {"signed": "Signed", "spoken": "Spoken", "unknown": "Not known"}
INTERPRETERS = {"yes": "Yes", "no": "No", "unknown": "Not known"}
EXPLAINERS = {
    "coordinator": "The coordinator",
    "iom": "IOM",
    "other": "Somebody else",
    "unknown": "Not known",
}
CONSENT_STATES = {
    ConsentState.GIVEN: Mark("Given", "✓", "good"),
    ConsentState.REFUSED: Mark("Refused", "✕", "danger"),
    ConsentState.EXPIRED: Mark("Expired", "◆", "clock"),
    ConsentState.SUSPENDED: Mark("Suspended", "■", "danger"),
    ConsentState.WITHDRAWN: Mark("Withdrawn", "✕", "danger"),
}
EXPLAINED = {
    "coordinator": "explained by the coordinator",
    "iom": "explained by IOM",
    "other": "explained by somebody else",
    "unknown": "not known who explained it",
}


def languages() -> dict[str, str]:
    """Return {code: name} of the languages to choose from, «Not known» first."""
    return {"": "Not known"} | LANGUAGES


def from_whom(code: str) -> str:
    """Return from whom something is withheld; a code without words shows as itself."""
    return FROM_WHOM[FromWhom(code)] if code in set(FromWhom) else code


def state_of(code: ConsentState) -> Mark:
    """Return how an answer stands, as a mark."""
    return CONSENT_STATES[code]
