"""Read delivery reports without a jail: with the jail's own code and the host's own check.

This serves tests of what follows from a report; tests of the jail prove that it answers the same.
"""

import dataclasses
import json

from intake.sandbox.checks.results import read_delivery_report as check
from intake.sandbox.mail.delivery_reports import read_delivery_report as read
from intake.sandbox.protocol.results import DeliveryReport


class ReportsReadHere:
    """Reads reports in this process."""

    def read_delivery_report(self, raw: bytes) -> DeliveryReport:
        """Read a raw message; the answer goes through JSON and the check, as a jail's does."""
        head = json.loads(json.dumps(dataclasses.asdict(read(raw))))
        return check(head)
