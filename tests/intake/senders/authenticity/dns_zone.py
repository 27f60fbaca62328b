"""A domain's zone on a real name server, and messages checked against it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from intake.senders.authenticity import OwnCheck, ResolverAddress, TxtResolver, check_own
from intake.senders.authenticity.organisational_domain import Organisation
from tests.components.dns import DnsServer, Told
from tests.components.server import LOOPBACK
from tests.intake.senders.authenticity.signed_mail import InProcess
from tests.samples.mail.mails import REGISTERED_SENDER


@dataclass
class Zone:
    """Check messages against one name server's zone, each time with nothing remembered."""

    organisation: Organisation
    zone: dict[str, Told] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def check(self, raw: bytes, at: datetime | None = None) -> OwnCheck:
        """Check one message of the registered sender."""
        with DnsServer(self.zone) as server:
            found = check_own(
                raw,
                REGISTERED_SENDER,
                jail=InProcess(),
                ask=TxtResolver(ResolverAddress(LOOPBACK, server.port)).ask,
                organisation=self.organisation,
                received_at=at or datetime.now(UTC),
            )
        self.asked = server.asked
        return found
