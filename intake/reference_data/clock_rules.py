"""Check what several fields of the service clocks say together: reminders, and closed days."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from intake.reference_data.edition_forms.fields import Fault

MAX_CLOSED_DAYS = 31


def clock_faults(content: dict[str, Any]) -> Iterator[Fault]:  # Any: an edition's JSON
    """Yield what is wrong with clocks whose fields are right, each by itself."""
    days = content["reminders_after_working_days"]
    if sorted(days) != days:
        yield Fault(
            "reminders_after_working_days", "Each reminder must come later than the one before it."
        )
    warned = content["legal"]["warn_days"]
    if sorted(warned, reverse=True) != warned:
        yield Fault("legal.warn_days", "Each warning must come later than the one before it.")
    yield from _closed(content.get("closed", []))
    enquiries = content.get("enquiries")
    if enquiries is not None and set(enquiries) != {"languages", "others"}:
        yield Fault("enquiries", "Give both the languages and the time of the others, or neither.")


def helpline_faults(content: dict[str, Any]) -> Iterator[Fault]:  # Any: an edition's JSON
    """Yield what is wrong with a helpline's hours whose fields are right, each by itself."""
    yield from _closed(content.get("closed", []))
    for language in sorted({*content["spoken"]} & {*content.get("written", ())}):
        yield Fault("written", f"«{language}» is spoken already: name it once.")


def _closed(spans: list[dict[str, str]]) -> Iterator[Fault]:
    read = [(date.fromisoformat(e["from"]), date.fromisoformat(e["to"])) for e in spans]
    for place, (first, last) in enumerate(read):
        if last < first:
            yield Fault(f"closed.{place}.to", "The last day is before the first day.")
        elif last - first >= timedelta(days=MAX_CLOSED_DAYS):
            yield Fault(f"closed.{place}.to", f"At most {MAX_CLOSED_DAYS} days can be closed.")
        for other, (begins, ends) in enumerate(read[:place]):
            if begins <= last and first <= ends:
                yield Fault(
                    f"closed.{place}.from",
                    f"These days overlap with «{spans[other]['what']}», {begins} to {ends}.",
                )
