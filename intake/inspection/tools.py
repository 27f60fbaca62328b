"""Hold what inspecting documents may use: the sandbox, the scanners and keys."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.sandbox.protocol.unpacked import NO_KEYS, Keys

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.inspection.scanner import Scanner
    from intake.inspection.yara_rules import BuiltInRules
    from intake.sandbox.interface import Jails


@dataclass(frozen=True)
class InspectionTools:
    """What judges and opens documents; `scanner` is None where none is configured.

    `keys` are tried on what is encrypted to us.
    """

    services: "Services"
    sandbox: "Jails"
    rules: "BuiltInRules"
    scanner: "Scanner | None"
    keys: Keys = NO_KEYS
