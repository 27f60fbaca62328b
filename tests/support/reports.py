"""A reader of delivery reports that is no jail: the jail's own code and the host's own check.

For tests of what follows from a report; that the real jail answers the same is tested with it.
"""

import dataclasses
import json

from intake.sandbox.checks.results import read_delivery_report as check
from intake.sandbox.mail.delivery_reports import read_delivery_report as read
from intake.sandbox.protocol.results import DeliveryReport


class ReportsReadHere:
    """Reads reports in this process."""

    def read_delivery_report(self, raw: bytes) -> DeliveryReport:
        """Read a raw message, and take the answer through JSON and the check as a jail's is."""
        head = json.loads(json.dumps(dataclasses.asdict(read(raw))))
        return check(head)
