"""Case words: facts of a case, doors, and what the checks of a cash decision found, in words.

Tables and look-ups only.
"""

from intake.cases.cash_checks import Answer, Obstacle
from intake.filing.misdirected import Door
from intake.reference_data.checklists import FACT_VALUES
from portal.text.answers import DOORS
from portal.text.triage import DATES

__all__ = [
    "CASH_ANSWERS",
    "DATES",
    "DECISION_FIELDS",
    "FACTS",
    "FACT_VALUES",
    "FACT_WORDS",
    "OBSTACLES",
    "door",
]

FACTS = {
    "nationality_group": "Nationality",
    "third_country_return": "Returns to a third country",
    "age": "Age",
    "unaccompanied": "Child without a guardian",
    "health": "Health needs attention",
    "family": "Travels with family",
}
FACT_WORDS = {
    "eu_eea": "EU or EEA",
    "non_eu": "Another country",
    "yes": "Yes",
    "no": "No",
    "adult": "Adult",
    "child": "Child",
}
DECISION_FIELDS = {
    "country": "Country",
    "decided_on": "Decided on",
    "collect_by": "Last day to collect",
    "adults": "Adults",
    "children": "Children",
    "amount_sek": "Amount in SEK",
}
CASH_ANSWERS = {
    Answer.YES: "Yes",
    Answer.NO: "No",
    Answer.NO_RULE: "No list is in force for that day",
}
OBSTACLES = {
    Obstacle.NOT_ELIGIBLE_ON_DECISION_DAY: "The country was not on the list of that day.",
    Obstacle.ELIGIBILITY_UNKNOWN: "There is no list for the day of the decision.",
    Obstacle.NOT_PAYABLE_TODAY: "IOM does not pay there today. Ask the agency how it is paid.",
    Obstacle.PAYABILITY_UNKNOWN: "There is no list of where IOM pays today.",
    Obstacle.COLLECTION_DAY_PASSED: "The last day to collect has passed.",
    Obstacle.AMOUNT_DIFFERS: "The amount differs from the table. The decision counts.",
}


def door(code: str) -> str:
    """Return what a wrong door's code says."""
    try:
        return DOORS[Door(code)]
    except ValueError:
        return code.replace("_", " ")
