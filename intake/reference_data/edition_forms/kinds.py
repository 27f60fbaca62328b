"""Say which fields the form of each kind of edition has: one entry a kind, and nothing else.

The rules that look at several fields at once are in `intake.reference_data.edition_rules`.
"""

from dataclasses import replace

from intake.reference_data.checklists import FACT_VALUES
from intake.reference_data.edition_forms.fields import (
    ChoiceField,
    DayField,
    DaysField,
    Field,
    LineField,
    NumberField,
    OptionList,
    SeveralField,
    TextField,
)
from intake.reference_data.edition_forms.groups import (
    GroupField,
    HoursField,
    RowsField,
    TableField,
    TargetField,
    WordsField,
)
from intake.reference_data.edition_forms.options import (
    APPS,
    COUNTRIES,
    FACTS,
    HOLIDAYS_OF,
    LANGUAGES,
    LEGAL_DATES,
    ON_DUTY,
    PRIORITIES,
    PROGRAMMES,
    QUEUES,
    REGION,
    REQUIREMENTS,
    TYPES,
    VALUES,
    WEEKDAYS,
    ZONES,
)
from storage.editions import EditionKind

MAX_KRONOR = 10_000_000
OF_PROGRAMMES = SeveralField("programmes", "For", of=PROGRAMMES, noun="programme")

CLOSED = RowsField(
    "closed",
    "Closed days",
    "Beside the holidays.",
    is_needed=False,
    noun="closed time",
    title="what",
    fields=(
        LineField("what", "Why", max_chars=80),
        DayField("from", "First day"),
        DayField("to", "Last day"),
    ),
)

SOURCE = LineField("source", "Where this comes from", "Such as a letter and its day.")


def _condition(fact: str) -> SeveralField:
    values = {each: VALUES[each] for each in FACT_VALUES[fact]}
    return SeveralField(
        fact,
        FACTS[fact],
        is_needed=False,
        of=OptionList(f"fact_{fact}", lambda: values),
        noun="value",
    )


ONE_ON_A_LINE = "One on each line, in small letters. A star at the end stands for any ending: asyl*"
WORD_PARTS = (
    WordsField("block", "Must not be written"),
    WordsField("warn", "Asked about", is_needed=False),
)
FIELDS: dict[EditionKind, tuple[Field, ...]] = {
    EditionKind.CHECKLIST: (
        SOURCE,
        RowsField(
            "items",
            "Documents",
            "In the order in which they are asked for.",
            noun="document",
            title="type",
            fields=(
                ChoiceField("type", "Type of document", of=TYPES, noun="document type"),
                ChoiceField(
                    "requirement",
                    "How it is asked for",
                    of=OptionList("requirement", lambda: REQUIREMENTS),
                ),
                GroupField(
                    "wording",
                    "What it is called",
                    fields=(
                        LineField("sv", "In Swedish", language="sv", max_chars=200),
                        LineField("en", "In English", language="en", max_chars=200),
                    ),
                ),
                TableField(
                    "when",
                    "Only if",
                    "All that is ticked must hold. Tick nothing for always.",
                    is_needed=False,
                    of=OptionList("fact", lambda: FACTS),
                    by_code={fact: _condition(fact) for fact in FACT_VALUES},
                ),
                SeveralField(
                    "instead",
                    "As good instead",
                    "A document of one of these types will do.",
                    is_needed=False,
                    of=TYPES,
                    noun="document type",
                ),
            ),
        ),
    ),
    EditionKind.ANSWER: (
        replace(SOURCE, is_needed=False),
        LineField("subject", "Subject", is_needed=False, language="*", max_chars=200),
        TextField("text", "Text", language="*"),
    ),
    EditionKind.COUNTRIES: (
        SOURCE,
        SeveralField("countries", "Countries", of=COUNTRIES, noun="country"),
    ),
    EditionKind.CLOCKS: (
        SOURCE,
        ChoiceField("time_zone", "Time zone of the office", of=ZONES, noun="time zone"),
        ChoiceField("holidays_of", "Holidays of the office", of=HOLIDAYS_OF, noun="calendar of"),
        ChoiceField(
            "coordinators_time_zone", "Time zone of the coordinators", of=ZONES, noun="time zone"
        ),
        ChoiceField(
            "coordinators_holidays_of",
            "Holidays of the coordinators",
            "They are mentioned on pages and change no clock.",
            of=HOLIDAYS_OF,
            noun="calendar of",
        ),
        TableField(
            "hours",
            "Hours",
            "A day without hours is no working day.",
            of=OptionList("weekday", lambda: WEEKDAYS),
            line=HoursField("span", "Hours", is_needed=False),
        ),
        CLOSED,
        TableField(
            "targets",
            "What waits in a queue is handled",
            of=QUEUES,
            line=TargetField("within", "Within"),
        ),
        TableField(
            "confirmation",
            "A referral is confirmed in writing",
            of=PRIORITIES,
            line=TargetField("within", "Within"),
        ),
        GroupField(
            "enquiries",
            "Enquiries about cash support by language",
            "Without these two the queue's own time holds for every language.",
            is_needed=False,
            fields=(
                SeveralField(
                    "languages",
                    "Languages that are answered within the queue's own time",
                    is_needed=False,
                    of=LANGUAGES,
                    noun="language",
                ),
                TargetField("others", "Others, once their language is known", is_needed=False),
            ),
        ),
        DaysField(
            "reminders_after_working_days",
            "Reminders",
            "After so many working days: three numbers, each higher than the one before.",
            count=3,
        ),
        GroupField(
            "legal",
            "Legal dates",
            fields=(
                DaysField("warn_days", "Warned of so many days before"),
                TableField(
                    "emergency_days",
                    "An emergency so many days before",
                    "Leave it empty where a date makes no emergency.",
                    of=LEGAL_DATES,
                    line=NumberField("days", "Days", is_needed=False, least=1, unit="days"),
                    keeps_empty=True,
                ),
                NumberField("passed_days", "Shown so many days after", least=1, unit="days"),
                NumberField(
                    "show_days",
                    "Shown as a clock from so many days before",
                    is_needed=False,
                    least=1,
                    unit="days",
                ),
                NumberField(
                    "passport_days",
                    "A passport from so many days before",
                    is_needed=False,
                    least=1,
                    unit="days",
                ),
            ),
        ),
    ),
    EditionKind.AMOUNTS: (
        SOURCE,
        ChoiceField(
            "currency", "Currency", of=OptionList("currency", lambda: {"SEK": "Swedish kronor"})
        ),
        NumberField("adult", "An adult", least=1, most=MAX_KRONOR, unit="kronor"),
        NumberField("child", "A child", least=1, most=MAX_KRONOR, unit="kronor"),
        NumberField("family_cap", "A family, at most", least=1, most=MAX_KRONOR, unit="kronor"),
    ),
    EditionKind.DUTY: (
        SOURCE,
        RowsField(
            "shifts",
            "Who is warned",
            "At half and at four fifths of the time that an item may wait. For an account that is "
            "away, who acts for it is warned.",
            is_needed=False,
            noun="shift",
            title="account",
            fields=(
                ChoiceField("account", "Account", is_needed=False, of=ON_DUTY, noun="account"),
                LineField(
                    "mail",
                    "Address",
                    "Without one the account's own.",
                    is_needed=False,
                    max_chars=254,
                ),
                SeveralField(
                    "days", "Days", of=OptionList("weekday", lambda: WEEKDAYS), noun="day"
                ),
                LineField("from", "From", "A time of the office, such as 08:00.", max_chars=5),
                LineField("to", "To", "An earlier time is one of the next day.", max_chars=5),
                OF_PROGRAMMES,
            ),
        ),
        RowsField(
            "telephones",
            "Who is called",
            "About an emergency that nobody has opened for half an hour.",
            is_needed=False,
            noun="telephone",
            title="who",
            fields=(
                LineField("who", "Who answers", max_chars=60),
                LineField("number", "Number", "Such as +358 40 123 4567.", max_chars=32),
                OF_PROGRAMMES,
            ),
        ),
        LineField(
            "webhook",
            "Webhook",
            "An https:// address that is told of each warning, or empty.",
            is_needed=False,
            max_chars=500,
        ),
    ),
    EditionKind.REGIONS: (
        SOURCE,
        TableField(
            "fallbacks",
            "Who stands in",
            "Leave a region empty when none stands in for it.",
            is_needed=False,
            of=REGION,
            line=ChoiceField("region", "Region", is_needed=False, of=REGION, noun="region"),
            keeps_empty=True,
        ),
        LineField(
            "contact",
            "Who is called where no region stands in",
            is_needed=False,
            max_chars=200,
        ),
    ),
    EditionKind.WORDS: (
        SOURCE,
        GroupField("leaves", "In mail", ONE_ON_A_LINE, fields=WORD_PARTS),
        GroupField("stays", "In the service", ONE_ON_A_LINE, fields=WORD_PARTS),
    ),
    EditionKind.HELPLINE: (
        SOURCE,
        LineField("number", "Number", "With its country: +358 40 123 4567.", max_chars=32),
        ChoiceField("time_zone", "Time zone of the hours", of=ZONES, noun="time zone"),
        ChoiceField("holidays_of", "Closed on the holidays of", of=HOLIDAYS_OF, noun="calendar of"),
        TableField(
            "hours",
            "Hours",
            "On a day without hours nobody answers.",
            of=OptionList("weekday", lambda: WEEKDAYS),
            line=HoursField("span", "Hours", is_needed=False),
        ),
        CLOSED,
        SeveralField("spoken", "Languages that are spoken", of=LANGUAGES, noun="language"),
        SeveralField(
            "written",
            "Languages that are answered in writing only",
            is_needed=False,
            of=LANGUAGES,
            noun="language",
        ),
        SeveralField(
            "apps",
            "The number can be called in",
            "Readers are told what each shows of them.",
            is_needed=False,
            of=APPS,
            noun="app",
        ),
    ),
}
