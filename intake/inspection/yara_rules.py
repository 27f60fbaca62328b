"""Scan bytes with the YARA rules that are shipped with the project; they are always on.

The rules are no substitute for a malware scanner. They catch what must never pass even where no
scanner is configured, and what a scanner does not call malware.
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
        """Judge bytes: FOUND with the first rule tagged `malware` that matches, else CLEAN."""
        for match in self._rules.scan(content).matching_rules:
            if "malware" in match.tags:
                return Scan(ScanOutcome.FOUND, f"rule:{match.identifier}")
        return Scan(ScanOutcome.CLEAN)

    def suspicions(self, content: bytes) -> tuple[str, ...]:
        """Return the names of all rules tagged `suspicious` that match, sorted.

        Each is a reason to hold what would otherwise be clean or active, never to call it infected:
        an honest document may match any of these rules.
        """
        matches = self._rules.scan(content).matching_rules
        return tuple(sorted(one.identifier for one in matches if "suspicious" in one.tags))

    def version(self) -> str | None:
        """Name the release of the rules and of what the sandbox judges.

        It is raised when either judges the same bytes otherwise, so that they are looked at again.
        """
        return "built-in rules 3"
