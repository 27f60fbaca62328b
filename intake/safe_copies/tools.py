"""Hold what making safe copies may use: the jails that draw, and LibreOffice."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.core.services import Services
    from intake.sandbox.host.office_converter import OfficeConverter
    from intake.sandbox.interface import Jails


@dataclass(frozen=True)
class CopyTools:
    """What draws pages; `office` is None where LibreOffice is not installed."""

    services: "Services"
    renderers: "Jails"
    office: "OfficeConverter | None"
