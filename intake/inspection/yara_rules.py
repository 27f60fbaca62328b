"""Built-in rules: YARA signatures shipped with the project, always on.

They are no substitute for a malware scanner; they catch what must never pass
even where none is configured, and what a scanner does not call malware.
"""

from pathlib import Path

import yara_x

from intake.inspection.scanner import Scan, ScanOutcome

RULES = Path(__file__).parent / "data" / "rules.yar"


class BuiltInRules:
    """The compiled rules; `load` is called once a process."""

    def __init__(self, rules: yara_x.Rules) -> None:
        self._rules = rules

    @classmethod
    def load(cls, path: Path = RULES) -> "BuiltInRules":
        """Compile the shipped rules."""
        return cls(yara_x.compile(path.read_text(encoding="utf-8")))

    def scan(self, content: bytes) -> Scan:
        """Judge bytes: the first rule tagged `malware` that matches is found."""
        for match in self._rules.scan(content).matching_rules:
            if "malware" in match.tags:
                return Scan(ScanOutcome.FOUND, f"rule:{match.identifier}")
        return Scan(ScanOutcome.CLEAN)

    def suspicions(self, content: bytes) -> tuple[str, ...]:
        """Return the names of all rules tagged `suspicious` that match, sorted.

        A reason to hold what would otherwise be clean or active, never to call it infected: an
        honest document may hold each of these.
        """
        matches = self._rules.scan(content).matching_rules
        return tuple(sorted(one.identifier for one in matches if "suspicious" in one.tags))

    def version(self) -> str | None:
        """Name the rules' release."""
        return "built-in rules 2"
