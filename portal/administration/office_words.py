"""Word the office's data for pages: its kinds, what they are about, and the codes in them."""

from portal.text import labels, triage

# {kind: (its title, one sentence)}.
KINDS = {
    "checklist": ("Checklists", "Which documents a referral needs."),
    "answer": ("Prepared answers", "Texts that officers send, by language."),
    "countries": ("Countries", "Where support may be granted, and where it can be paid."),
    "clocks": ("Clocks", "Hours, targets, reminders and legal days."),
    "amounts": ("Amounts", "What is paid, for information."),
    "duty": ("Duty list", "Who is warned before a clock runs out, and who is called."),
    "regions": ("Regions", "Who stands in for a region without a coordinator."),
    "helpline": ("Helpline", "Number, hours and languages, as the public page says them."),
    "words": ("Words", "What may not be written in mail, and what not in the service."),
}
THINGS = {
    "referrals": "Referrals",
    "cash": "Cash support",
    "agency_eligible": "Where the agency may grant support",
    "iom_payable": "Where we can pay",
    "reestablishment": "Cash support",
    "service": "Service clocks",
    "fallbacks": "Regions without a coordinator",
    "words": "Words in mail and in the service",
    "warnings": "Duty list",
    "call_us": "Ask to call us",
    "ask_reception_officer": "The officer in Sweden can answer this",
    "resend_item": "One item could not be opened",
    "send_file_itself": "Send the file itself",
    "cash_how_to_apply": "Cash support: how to apply",
    "cash_payment_contact": "Cash support: whom to contact for the payment",
    "country_not_listed": "Cash support: not paid through us for this country",
    "wrong_door_repatriation_grant": "Other scheme: the repatriation grant",
    "wrong_door_eurp": "Other scheme: reintegration services (EURP)",
    "wrong_door_asylum": "Other scheme: decisions of authorities",
    "third_party_neutral": "Somebody asks about another person (fixed words)",
    "closing": "Closing words of every answer",
    "helpline": "The helpline’s number and hours",
}
STATES = {"proposed": "Waits for a second person", "approved": "Approved", "refused": "Refused"}
LANGUAGES = {
    "sv": "Swedish",
    "en": "English",
    "ar": "Arabic",
    "fa": "Persian (Farsi)",
    "ckb": "Kurdish (Sorani)",
    "so": "Somali",
}
CHANGES = {
    "added": ("Added", "+", "good"),
    "removed": ("Removed", "–", "danger"),
    "changed": ("Changed", "◆", "clock"),
    "moved": ("Moved", "↕", "quiet"),
}
FROM_THE_RIGHT = frozenset({"ar", "fa", "ckb", "prs", "ps", "ur", "kmr-Arab"})
# Words for the codes that stand in editions, by the name of their list (`edition_forms.options`).
CODES: dict[str, dict[str, str]] = {
    "queue": labels.QUEUES,
    "priority": {code: mark.word for code, mark in labels.PRIORITY_MARKS.items()},
    "region": triage.REGIONS,
    "legal_date": triage.DATES,
    "language": triage.LANGUAGES,
}


def thing(code: str, language: str = "") -> str:
    """Return what an edition is about, with its language: `Ask to call us, Arabic`."""
    named = THINGS.get(code, code.replace("_", " "))
    return f"{named}, {language_name(language)}" if language else named


def language_name(code: str) -> str:
    """Return a language by its English name, an unknown one by its code."""
    return LANGUAGES.get(code) or triage.LANGUAGES.get(code, code)


def direction(language: str) -> str:
    """Return how a language is written, as HTML says it; `auto` for none."""
    if not language:
        return "auto"
    return "rtl" if language in FROM_THE_RIGHT else "ltr"
