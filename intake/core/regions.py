"""List the regions whose coordinators refer people."""

# Host regions of the anti-trafficking coordinators (domain.md §1.2).
REGIONS = ("NORD", "MITT", "BERG", "STHLM", "OST", "VAST", "SYD")
