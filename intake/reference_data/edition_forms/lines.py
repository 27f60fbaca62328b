"""Give a list of short texts one input, in which each stands on a line of its own."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from intake.reference_data.edition_forms.fields import (
    MAX_LINE_CHARS,
    Fault,
    OneInput,
    Value,
    Words,
    writable,
)
from intake.reference_data.edition_forms.typed import Typed


@dataclass(frozen=True)
class LinesField(OneInput):
    """Short texts, one on each line: a list. Without any the list is absent."""

    most: int = 400
    shape = "text"
    expects = "a list of texts"

    def flatten(self, value: Value, path: str, into: Typed) -> Iterator[Fault]:
        """Put a list of texts in; anything else is shown as JSON and is a fault."""
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            into[path] = [writable("\n".join(value))]
            return
        into[path] = [json.dumps(value)[:MAX_LINE_CHARS]]
        yield Fault(path, f"There must be {self.expects} here.")

    def parse(self, text: str) -> Value:
        """Read the lines that are not empty."""
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        if len(lines) > self.most:
            raise ValueError(f"These are {len(lines)} lines; {self.most} are allowed.")
        return lines

    def tell(self, value: Value, words: Words) -> str:
        """Return them in a row."""
        return ", ".join(value)
