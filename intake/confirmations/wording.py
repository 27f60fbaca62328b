"""Write the sentences of a receipt or confirmation in English and Swedish (requirement 117).

The same blocks are drawn as PDF and shown as preview, so that the officer signs what they saw.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from intake.accounts.roles import ROLE_WORDS
from intake.confirmations.content import FileOutcome, Paper, PaperFile, Promise, Sentence
from intake.confirmations.drafts import PREPARED
from intake.outbox.mail_texts import MONTHS_EN, MONTHS_SV, OFFICE_ZONE
from storage.accounts.users import Role
from storage.cases.confirmations import PaperKind

# The edition number of a checklist that ships with the service.
SHIPPED = "0"
TITLES = {
    PaperKind.RECEIPT: Sentence("Receipt", "Mottagningsbevis"),
    PaperKind.CONFIRMATION: Sentence("Receipt confirmed", "Bekräftelse på mottagande"),
}
OUTCOME_WORDS = {
    FileOutcome.RECEIVED: Sentence("received", "mottagen"),
    FileOutcome.READABLE: Sentence("opened and readable", "öppnad och läsbar"),
    FileOutcome.OPENING: Sentence("received, not opened yet", "mottagen, ännu inte öppnad"),
    FileOutcome.NO_COPY: Sentence(
        "received, but no readable copy could be made",
        "mottagen, men ingen läsbar kopia kunde göras",
    ),
    FileOutcome.LOCKED: Sentence(
        "could not be opened: locked with a password", "kunde inte öppnas: låst med lösenord"
    ),
    FileOutcome.DAMAGED: Sentence("could not be opened: damaged", "kunde inte öppnas: skadad"),
    FileOutcome.EMPTY: Sentence("the file is empty", "filen är tom"),
    FileOutcome.HELD: Sentence(
        "held: a person looks at it before it is opened",
        "kvarhållen: granskas av en person innan den öppnas",
    ),
    FileOutcome.UNSAFE: Sentence("not safe, not opened", "inte säker, inte öppnad"),
    FileOutcome.REFUSED: Sentence(
        "not taken: please send it in another form", "inte godtagen: skicka den i annan form"
    ),
    FileOutcome.UNPACKED: Sentence(
        "unpacked: its files are listed", "uppackad: filerna i den listas var för sig"
    ),
}
DATE_WORDS = {
    "reflection_end": Sentence("Reflection period ends", "Betänketiden går ut"),
    "permit_expiry": Sentence("Residence permit expires", "Uppehållstillståndet går ut"),
    "departure_deadline": Sentence("Departure deadline", "Sista dag för utresa"),
    "trial": Sentence("Trial", "Rättegång"),
    "passport_expiry": Sentence("Passport expires", "Passet går ut"),
    "removal": Sentence("Date of removal", "Datum för verkställighet"),
}
CHANNEL_WORDS = {
    "email": Sentence("by e-mail", "via e-post"),
    "upload": Sentence("uploaded in the service", "uppladdat i tjänsten"),
    "contact": Sentence("through the contact form", "via kontaktformuläret"),
    "phone": Sentence("by telephone", "per telefon"),
}
ROLE_WORDS_SV = {
    Role.INTAKE: "Handläggare, mottagning",
    Role.CASEW: "Ärendehandläggare",
    Role.CASH: "Handläggare, stöd",
}
NO_NAME = "(no name / utan namn)"


class Style(StrEnum):
    """How a block is printed."""

    TITLE = "title"
    HEADING = "heading"
    TEXT = "text"
    NAME = "name"
    SMALL = "small"


@dataclass(frozen=True)
class Block:
    """One paragraph; `language` is `en`, `sv`, or empty for what is in neither."""

    style: Style
    text: str
    language: str = ""


def blocks(paper: Paper) -> tuple[Block, ...]:
    """Return the whole paper, paragraph by paragraph, in reading order."""
    return tuple(_blocks(paper))


def english_day(day: date) -> str:
    """Return a day: `24 November 2026`."""
    return f"{day.day} {MONTHS_EN[day.month - 1]} {day.year}"


def swedish_day(day: date) -> str:
    """Return a day: `24 november 2026`."""
    return f"{day.day} {MONTHS_SV[day.month - 1]} {day.year}"


def _blocks(paper: Paper) -> Iterator[Block]:
    title = TITLES[paper.kind]
    yield Block(Style.TITLE, f"{title.sv} / {title.en}")
    # Nobody knows yet whether there will be a second one, so the first has no number.
    own_number = f"Nr / No. {paper.number}    " if paper.number > 1 else ""
    yield Block(
        Style.TEXT,
        f"Referens / Reference: {paper.reference}    {own_number}"
        f"{swedish_day(paper.issued_on)} / {english_day(paper.issued_on)}",
    )
    yield Block(Style.HEADING, "Svenska", "sv")
    yield from (Block(Style.TEXT, text, "sv") for text in _swedish(paper))
    yield Block(Style.HEADING, "English", "en")
    yield from (Block(Style.TEXT, text, "en") for text in _english(paper))
    if paper.promise is not None and paper.promise.next_step not in PREPARED:
        yield Block(Style.HEADING, "Nästa steg / Next step")
        yield Block(Style.TEXT, _stopped(paper.promise.next_step))
    if paper.promise is not None and paper.promise.remark:
        yield Block(Style.HEADING, "Anmärkning / Remark")
        yield Block(Style.TEXT, paper.promise.remark)
    if paper.files:
        yield Block(Style.HEADING, "Handlingar / Documents")
    for number, file in enumerate(paper.files, start=1):
        yield from _file(number, file)


def _file(number: int, file: PaperFile) -> Iterator[Block]:
    yield Block(Style.NAME, file.name or NO_NAME)
    pages = _pages(file.pages) if file.pages is not None else ""
    kind = f"{file.kind.sv} / {file.kind.en}" if file.kind is not None else ""
    outcome = OUTCOME_WORDS[file.outcome]
    size = _size(file.size) if file.size is not None else ""
    about = [f"Nr / No. {number}", size, pages, kind]
    yield Block(Style.SMALL, " · ".join(each for each in about if each))
    yield Block(Style.SMALL, f"{outcome.sv} / {outcome.en}")
    if file.sha256:
        yield Block(Style.SMALL, f"SHA-256 {file.sha256}")


def _pages(number: int) -> str:
    return "1 sida / page" if number == 1 else f"{number} sidor / pages"


def _size(size_bytes: int) -> str:
    """Return a size in both languages: `10 byte / bytes`, `1,5 kB / 1.5 kB`, `242 kB`."""
    if size_bytes < 1000:
        return f"{size_bytes} byte / bytes"
    unit, size = ("kB", size_bytes / 1000) if size_bytes < 1_000_000 else ("MB", size_bytes / 1e6)
    if size >= 10:
        return f"{size:.0f} {unit}"
    english = f"{size:.1f} {unit}"
    return f"{english.replace('.', ',')} / {english}"


def _english(paper: Paper) -> Iterator[str]:
    channel = CHANNEL_WORDS[paper.channel].en
    came = f"{english_day(_local(paper.received_at))} at {_clock(paper.received_at, ':')}"
    if paper.promise is None:
        what = _count(paper, "document", "documents", "your message")
        yield f"We have received {what} on {came}, {channel}."
        if paper.confirm_by is not None:
            due = _local(paper.confirm_by)
            by = f"{english_day(due)}, {due:%H:%M}"
            yield f"A member of our staff will confirm in writing by {by}."
        return
    yield f"Receipt confirmed. {_found_english(paper, f'{came}, {channel}')}"
    yield _checked_english(paper)
    yield from _promise_english(paper.promise)
    if paper.dates:
        noted = (f"{DATE_WORDS[d.kind].en}: {english_day(d.day)}" for d in paper.dates)
        yield f"Legal dates noted: {'; '.join(noted)}."
    yield (
        "Please tell us at once if the person's safety, wish to return, or safe way to contact "
        "changes."
    )


def _found_english(paper: Paper, came: str) -> str:
    if not paper.counted:
        return f"We confirm that your message reached IOM Finland on {came}. It held no documents."
    reached = f"We confirm that the documents listed below reached IOM Finland on {came}"
    listed = ", ".join(f"no. {n} ({OUTCOME_WORDS[f.outcome].en})" for n, f in paper.excepted)
    usable = len(paper.counted) - len(paper.excepted)
    if not listed:
        return f"{reached}, and have been opened and found readable."
    if not usable:
        return f"{reached}. None of them is readable so far: {listed}."
    return (
        f"{reached}, and have been opened and found readable except: {listed}. "
        f"Readable: {usable} of {len(paper.counted)}."
    )


def _checked_english(paper: Paper) -> str:
    checked = paper.checked
    if checked is None:
        return "It has not been checked against a checklist."
    start = f"Checked against {_checklist_english(checked.version)}:"
    if checked.missing:
        return f"{start} the following are still needed: {_list(s.en for s in checked.missing)}."
    if checked.is_complete:
        return f"{start} complete."
    return f"{start} nothing is known to be missing, but the check is not finished."


def _checklist_english(version: str) -> str:
    """Name a checklist; the one that ships has no number, as nobody at the office approved it."""
    return f"checklist version {version}" if version != SHIPPED else "the standard checklist"


def _promise_english(promise: Promise) -> Iterator[str]:
    yield (
        f"Your contact: {promise.officer} ({ROLE_WORDS[Role(promise.role)]})"
        f"{f', direct line {promise.direct_line}' if promise.direct_line else ''}. "
        f"Deputy: {promise.deputy or 'not named'}."
    )
    by = f" By {english_day(promise.next_step_on)}." if promise.next_step_on else ""
    step = PREPARED.get(promise.next_step)
    yield f"Next step: {step[1] if step else 'as written below.'}{by}"


def _swedish(paper: Paper) -> Iterator[str]:
    channel = CHANNEL_WORDS[paper.channel].sv
    came = f"{swedish_day(_local(paper.received_at))} kl. {_clock(paper.received_at, '.')}"
    if paper.promise is None:
        what = _count(paper, "handling", "handlingar", "ditt meddelande")
        yield f"Vi har tagit emot {what} den {came}, {channel}."
        if paper.confirm_by is not None:
            due = _local(paper.confirm_by)
            yield (
                f"En handläggare bekräftar skriftligen senast den {swedish_day(due)} "
                f"kl. {due:%H.%M}."
            )
        return
    yield f"Bekräftelse på mottagande. {_found_swedish(paper, f'{came}, {channel}')}"
    yield _checked_swedish(paper)
    yield from _promise_swedish(paper.promise)
    if paper.dates:
        noted = (f"{DATE_WORDS[d.kind].sv}: {swedish_day(d.day)}" for d in paper.dates)
        yield f"Noterade datum: {'; '.join(noted)}."
    yield (
        "Meddela oss genast om personens säkerhet, vilja att återvända eller säkra kontaktväg "
        "förändras."
    )


def _found_swedish(paper: Paper, came: str) -> str:
    if not paper.counted:
        return (
            f"Vi bekräftar att ditt meddelande inkom till IOM Finland den {came}. "
            "Det innehöll inga handlingar."
        )
    reached = f"Vi bekräftar att nedanstående handlingar inkom till IOM Finland den {came}"
    listed = ", ".join(f"nr {n} ({OUTCOME_WORDS[f.outcome].sv})" for n, f in paper.excepted)
    usable = len(paper.counted) - len(paper.excepted)
    if not listed:
        return f"{reached}, och att de har öppnats och är läsbara."
    if not usable:
        return f"{reached}. Ingen av dem är läsbar hittills: {listed}."
    return (
        f"{reached}, och att de har öppnats och är läsbara utom: {listed}. "
        f"Läsbara: {usable} av {len(paper.counted)}."
    )


def _checked_swedish(paper: Paper) -> str:
    checked = paper.checked
    if checked is None:
        return "Ingen kontroll mot checklista har gjorts."
    start = f"Kontroll mot {_checklist_swedish(checked.version)}:"
    if checked.missing:
        return f"{start} följande saknas ännu: {_list(s.sv for s in checked.missing)}."
    if checked.is_complete:
        return f"{start} komplett."
    return f"{start} inget känt saknas, men kontrollen är inte avslutad."


def _checklist_swedish(version: str) -> str:
    return f"checklista version {version}" if version != SHIPPED else "standardchecklistan"


def _promise_swedish(promise: Promise) -> Iterator[str]:
    yield (
        f"Din kontaktperson: {promise.officer} ({ROLE_WORDS_SV[Role(promise.role)]})"
        f"{f', direktnummer {promise.direct_line}' if promise.direct_line else ''}. "
        f"Ersättare: {promise.deputy or 'inte angiven'}."
    )
    by = f" Senast den {swedish_day(promise.next_step_on)}." if promise.next_step_on else ""
    step = PREPARED.get(promise.next_step)
    yield f"Nästa steg: {step[0] if step else 'se nedan.'}{by}"


def _local(at: datetime) -> datetime:
    return at.astimezone(OFFICE_ZONE)


def _clock(at: datetime, mark: str) -> str:
    """Return a time of day with its zone: `10:42 (Helsinki, EET, UTC+02:00)`."""
    local = _local(at)
    zone = f"{local:%z}"
    return f"{local:%H}{mark}{local:%M} (Helsinki, {local:%Z}, UTC{zone[:3]}:{zone[3:]})"


def _count(paper: Paper, one: str, many: str, none: str) -> str:
    number = len(paper.files)
    return f"{number} {one if number == 1 else many}" if number else none


def _list(sentences: Iterator[str]) -> str:
    return "; ".join(each.rstrip(".") for each in sentences)


def _stopped(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
