"""Make text documents of known type from this folder's texts, the same for the same seed."""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.samples.paperwork.misreading import misread
from tests.samples.paperwork.mrz import passport_lines

TEXTS = Path(__file__).parent / "texts"
BLOCK = re.compile(r"^@ (sv|en)$", re.MULTILINE)
NAMES = ("Demo Person One", "Demo Person Two", "TEST Applicant", "TEST Handläggare", "Prov Exempel")
TOWNS = ("Demostad", "Exempelby", "Provköping", "Testhamn", "Sampleton")
LANDS = ("Utopia", "Demoland", "Ruritanien", "Exempelriket")
# Lines that offices put around any text, in the words of this set.
ROUND = {
    "sv": ("Ink. {date}", "Dnr {code}", "Sid 1", "Sekretessmarkerad handling", "{town}s kommun",
           "Besöksadress Demogatan 1, {town}", "Växel {phone}", "KOPIA", "Förvaras inlåst"),
    "en": ("Rec. {date}", "File {code}", "p. 1", "Secrecy marked", "City of {town}",
           "Visiting address 1 Demo Street, {town}", "Switchboard {phone}", "COPY", "Keep locked"),
}  # fmt: skip


@dataclass(frozen=True)
class Form:
    """One text of this folder: its true type, language, and number within both."""

    code: str
    language: str
    number: int
    body: str


@dataclass(frozen=True)
class Paper:
    """One document: its true type ("UNK" for none), language, text, and whether it is a scan."""

    code: str
    language: str
    text: str
    is_scan: bool


def forms() -> tuple[Form, ...]:
    """Return every text, as written, in alphabetical order of type."""
    return tuple(form for path in sorted(TEXTS.glob("*.txt")) for form in _forms(path))


def papers(seed: int, each: int = 6) -> Iterator[Paper]:
    """Yield every text filled so many times; a third of them as a noisy scan reads."""
    chance = random.Random(seed)
    for form in forms():
        for number in range(each):
            is_scan = number % 3 == 2
            text = filled(form, chance)
            yield Paper(
                form.code,
                form.language,
                misread(text, chance) if is_scan else text,
                is_scan,
            )


def filled(form: Form, chance: random.Random) -> str:
    """Return a text with invented values and some lines of an office round it."""
    above, below = (chance.sample(ROUND[form.language], chance.randint(0, 2)) for _ in range(2))
    lines = [*above, *form.body.splitlines(), *below]
    return "\n".join(_filled(line, chance) for line in lines)


def _forms(path: Path) -> Iterator[Form]:
    parts = BLOCK.split(path.read_text(encoding="utf-8"))[1:]
    seen: dict[str, int] = {}
    for language, body in zip(parts[::2], parts[1::2], strict=True):
        number = seen.get(language, 0)
        seen[language] = number + 1
        yield Form(path.stem, language, number, body.strip())


def _filled(line: str, chance: random.Random) -> str:
    values = {
        "name": lambda: chance.choice(NAMES),
        "town": lambda: chance.choice(TOWNS),
        "land": lambda: chance.choice(LANDS),
        "date": lambda: f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.2026",
        "code": lambda: f"{chance.choice('BDFH')}{chance.randint(1000, 9999)}",
        "phone": lambda: f"+00 555 01 {chance.randint(10, 99)}",
        "mrz": lambda: "\n".join(
            passport_lines("DEMO", "PERSON", f"X{chance.randint(0, 9_999_999):07}")
        ),
    }
    return re.sub(r"\{(\w+)\}", lambda match: values[match[1]](), line)
