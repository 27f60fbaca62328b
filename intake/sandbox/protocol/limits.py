"""Hold what one child in the jail may use; the host tells the jail at its start."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Hold what one child may use.

    `max_output_bytes` is more than the largest upload, since a message inside a message comes out
    both as itself and as its parts.
    """

    address_space_bytes: int = 1024**3
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    max_output_bytes: int = 256 * 1024**2
